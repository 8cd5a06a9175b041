using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>The changes of one znode that its writers know of, and those that may have happened besides.</summary>
internal sealed class KeyChanges
{
    private readonly long[] zxids;
    private readonly long[] invoked;
    private readonly long[] latest;

    public KeyChanges(IEnumerable<Operation> writes)
    {
        var begun = writes.Where(o => o.Succeeded || !o.IsKnown).OrderBy(o => o.Invoked).ToList();
        zxids = [.. begun.Where(o => o.Succeeded).Select(o => o.Zxid).Order()];
        invoked = [.. begun.Select(o => o.Invoked)];
        latest = new long[begun.Count];
        for (var at = 0; at < begun.Count; at++)
        {
            // One whose outcome nobody knows may have happened at any time.
            var zxid = begun[at].Succeeded ? begun[at].Zxid : long.MaxValue;
            latest[at] = at == 0 ? zxid : Math.Max(latest[at - 1], zxid);
        }
    }

    /// <summary>The first change known after it; writes that nobody knows of may come even before.</summary>
    public long FirstAfter(long zxid)
    {
        var at = Array.BinarySearch(zxids, zxid + 1);
        at = at < 0 ? ~at : at;
        return at < zxids.Length ? zxids[at] : long.MaxValue;
    }

    /// <summary>Whether any write that had begun by then can have changed the znode after the zxid.</summary>
    public bool MayHaveChanged(long zxid, long until)
    {
        var at = Array.BinarySearch(invoked, until);
        at = at < 0 ? ~at - 1 : at;
        while (at + 1 < invoked.Length && invoked[at + 1] <= until)
            at++;
        return at >= 0 && latest[at] > zxid;
    }
}
