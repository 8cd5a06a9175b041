using System.Buffers.Binary;
using System.Text;

namespace Coord.Simulation.Clients;

/// <summary>
/// ZooKeeper's frames as a client writes them: big-endian, written here a second time on purpose, so that the
/// node's own encoding is not checked by itself.
/// </summary>
internal sealed class Wire
{
    private readonly List<byte> _bytes = [0, 0, 0, 0];

    public Wire Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Wire Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Wire Bool(bool value)
    {
        _bytes.Add(value ? (byte)1 : (byte)0);
        return this;
    }

    public Wire Buffer(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public Wire Text(string value) => Buffer(Encoding.UTF8.GetBytes(value));

    /// <summary>Everybody may do everything.</summary>
    public Wire OpenAcl() => Int(1).Int(31).Text("world").Text("anyone");

    /// <summary>The whole frame, its length in front.</summary>
    public byte[] Frame()
    {
        var frame = _bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }
}
