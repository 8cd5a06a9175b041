using System.Buffers.Binary;
using System.Text;

namespace Coord.Simulation.Clients;

/// <summary>Reads what a node answers.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public int Int()
    {
        var value = BinaryPrimitives.ReadInt32BigEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    public long Long()
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public byte[] Buffer()
    {
        var length = Int();
        if (length < 0)
            return [];

        var value = _rest[..length].ToArray();
        _rest = _rest[length..];
        return value;
    }

    public bool Bool()
    {
        var value = _rest[0] != 0;
        _rest = _rest[1..];
        return value;
    }

    public string Text() => Encoding.UTF8.GetString(Buffer());

    public ReadStat Stat()
    {
        var stat = new ReadStat(Long(), Long(), SkipTimes(), Version: Int(), Int(), Int(), Owner: Long());
        Int();
        Int();
        Long();
        return stat;
    }

    private long SkipTimes()
    {
        Long();
        return Long();
    }
}
