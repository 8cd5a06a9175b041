using System.Buffers.Binary;
using System.Text;

namespace Coord.Differential.Wire;

/// <summary>Writes one frame: big-endian, its length first (zookeeper-protocol 1.1, 1.2).</summary>
/// <param name="prefix">The znode below which this run's paths are.</param>
internal sealed class FrameWriter(string prefix)
{
    private byte[] _bytes = new byte[256];
    private int _length = 4;

    /// <summary>What the session that sends this saw last, for setWatches.</summary>
    public long LastZxid { get; init; }

    public string Prefix => prefix;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    public void Buffer(byte[]? value)
    {
        Int(value?.Length ?? -1);
        value?.CopyTo(Room(value.Length));
    }

    public void Text(string? value) => Buffer(value is null ? null : Encoding.UTF8.GetBytes(value));

    public void Path(WirePath path) => Buffer(path.Encode(prefix));

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public byte[] Complete()
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes, _length - 4);
        return _bytes[.._length];
    }

    /// <summary>Complete, but without the last bytes of the record; the length says so.</summary>
    public byte[] CompleteWithout(int lastBytes)
    {
        _length = Math.Max(12, _length - lastBytes);
        return Complete();
    }

    private Span<byte> Room(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
