using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>The changes of one znode that its writers know of, and those that may have happened besides.</summary>
internal sealed class KeyChanges
{
    private readonly Operation[] known;
    private readonly long[] zxids;
    private readonly long[] invoked;
    private readonly long[] latest;
    private readonly long firstUnknown;

    public KeyChanges(IEnumerable<Operation> writes)
    {
        var begun = writes.Where(o => o.Succeeded || !o.IsKnown).OrderBy(o => o.Invoked).ToList();
        known = [.. begun.Where(o => o.Succeeded).OrderBy(o => o.Zxid)];
        zxids = [.. known.Select(o => o.Zxid)];
        invoked = [.. begun.Select(o => o.Invoked)];
        firstUnknown = begun.Where(o => !o.IsKnown).Select(o => o.Invoked).FirstOrDefault(Operation.Never);
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
        var at = IndexAfter(zxid);
        return at < zxids.Length ? zxids[at] : long.MaxValue;
    }

    /// <summary>Whether every change until then is known.</summary>
    public bool AreKnownUntil(long time) => firstUnknown > time;

    /// <summary>What was done at this zxid; null where no change is known.</summary>
    public OperationKind? KindAt(long zxid) =>
        Array.BinarySearch(zxids, zxid) is >= 0 and var at ? known[at].Kind : null;

    /// <summary>The last change known after one zxid and up to another; null without one.</summary>
    public OperationKind? LastKind(long after, long upTo) =>
        IndexAfter(upTo) - 1 is >= 0 and var at && zxids[at] > after ? known[at].Kind : null;

    /// <summary>Whether any write that had begun by then can have changed the znode after the zxid.</summary>
    public bool MayHaveChanged(long zxid, long until)
    {
        var at = Array.BinarySearch(invoked, until);
        at = at < 0 ? ~at - 1 : at;
        while (at + 1 < invoked.Length && invoked[at + 1] <= until)
            at++;
        return at >= 0 && latest[at] > zxid;
    }

    private int IndexAfter(long zxid)
    {
        var at = Array.BinarySearch(zxids, zxid + 1);
        return at < 0 ? ~at : at;
    }
}
