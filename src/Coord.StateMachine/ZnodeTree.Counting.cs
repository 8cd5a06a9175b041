using System.Buffers.Text;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <content>Counts and sums of subtrees, which are kept and not walked (design.md section 10).</content>
public sealed partial class ZnodeTree
{
    // "count=" and "bytes=" with the longest numbers.
    private readonly byte[] _use = new byte[64];

    /// <summary>How many znodes are below a path, however deep; the one at the path is not counted.</summary>
    public ErrorCode TryCountDescendants(ReadOnlySpan<byte> path, scoped in Caller caller, out int count)
    {
        var error = FindForRead(path, caller, out int slot, out _);
        count = error != ErrorCode.Ok || slot == Znode.None ? 0 : Store.RareOf(slot).Descendants;
        return error;
    }

    /// <summary>The same for the node itself.</summary>
    public ErrorCode TryCountDescendants(ReadOnlySpan<byte> path, out int count) =>
        TryCountDescendants(path, Caller.Node, out count);

    private Stat StatOf(int slot, ReadOnlySpan<byte> path)
    {
        var stat = Store.StatOf(slot);
        return QuotaPaths.IsStats(path, out var of) ? stat with { DataLength = UseText(of).Length } : stat;
    }

    // What a path with a quota uses, in ZooKeeper's text: made when it is read (zookeeper-protocol 9.1).
    private ReadOnlySpan<byte> UseText(ReadOnlySpan<byte> of)
    {
        var (count, bytes) = Store.UseOf(of);
        int length = Append(0, "count="u8, count);
        length = Append(length, ",bytes="u8, bytes);
        return _use.AsSpan(0, length);
    }

    private int Append(int at, ReadOnlySpan<byte> name, long value)
    {
        name.CopyTo(_use.AsSpan(at));
        Utf8Formatter.TryFormat(value, _use.AsSpan(at + name.Length), out int digits);
        return at + name.Length + digits;
    }
}
