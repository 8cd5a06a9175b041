using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// How far a persistent watch has told, on one connection. The changes known must come in their order; writes of which
/// nobody knows may have been told between them, each once.
/// </summary>
/// <param name="changes">Of which it tells.</param>
/// <param name="since">The reply behind which all are told.</param>
internal sealed class PersistentWatch(ToldChanges changes, Operation since)
{
    private readonly Dictionary<(string Key, WatchEventType Type), int> excused = [];
    private long heard = since.Zxid;
    private int next = changes.Known.TakeWhile(change => change.Zxid <= since.Zxid).Count();

    // One finding says it; what comes behind it has lost its place.
    private bool isBroken;

    public Operation Since { get; } = since;

    /// <summary>What is wrong with an event, or null; and the zxid of its change where that is sure.</summary>
    public (string? Wrong, long Zxid) Hear(Operation fired)
    {
        var expected = next < changes.Known.Count ? changes.Known[next] : null;
        if (isBroken)
            return (null, fired.Zxid);

        // Whoever names changes tells of each once, whatever writes there are of which nobody knows.
        var isAgain = fired.Zxid != WatchRules.NoZxid && fired.Zxid <= heard;
        heard = Math.Max(heard, fired.Zxid);
        if (expected is not null && IsOf(expected, fired))
        {
            next++;
            return (null, changes.AreKnownUntil(fired.Completed) ? expected.Zxid : fired.Zxid);
        }

        var told = (fired.Key, (WatchEventType)fired.Amount);
        var used = excused.GetValueOrDefault(told);
        var isLate = expected is not null && fired.Zxid >= expected.Zxid;
        isBroken = isAgain || isLate || changes.UnknownOf(told, fired.Completed) <= used;
        excused[told] = used + 1;
        var wrong = isAgain ? "an event for a change that was told before, or seen"
            : isLate ? "an event that missed a change" : "an event of no change, or of a later one";
        return (isBroken ? wrong : null, fired.Zxid);
    }

    /// <summary>Whether a reply of the connection shows a change of which it has not told; once.</summary>
    public bool Misses(Operation reply)
    {
        if (isBroken || next == changes.Known.Count || changes.Known[next].Zxid > reply.Zxid)
            return false;
        return isBroken = true;
    }

    private bool IsOf(Operation change, Operation fired) =>
        changes.EventOf(change) == (fired.Key, (WatchEventType)fired.Amount) && change.Invoked <= fired.Completed
        && (fired.Zxid == WatchRules.NoZxid || fired.Zxid == change.Zxid);
}
