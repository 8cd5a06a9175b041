using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Times in which one node led and all answered, and what must have ended in them. A session of which no node has heard
/// for its timeout ends; a leader that stood still for a moment that no probe noticed gives it once more (raft-design
/// E14); then the end has to be committed, on a busy machine with slow disks.
/// </summary>
internal sealed class CalmPeriods
{
    private const long GapMaxNs = 1_000_000_000;
    private const long CommitNs = 5_000_000_000;

    private readonly List<(long Begin, long End)> periods = [];

    public CalmPeriods(IEnumerable<Operation> history)
    {
        var leader = 0;
        foreach (var probe in history.Where(o => o.Kind == OperationKind.Probe).OrderBy(o => o.Invoked))
        {
            var goesOn = probe.Succeeded && leader == probe.Node && probe.Completed - periods[^1].End <= GapMaxNs;
            if (goesOn)
                periods[^1] = (periods[^1].Begin, probe.Completed);
            else if (probe.Succeeded)
                periods.Add((probe.Completed, probe.Completed));
            leader = probe.Succeeded ? probe.Node : 0;
        }
    }

    /// <summary>How long a session may last without contact, in nanoseconds, while one node leads.</summary>
    public static long LastsMax(long timeoutMs) => (2 * timeoutMs * 1_000_000) + CommitNs;

    /// <summary>Whether a session that nobody heard of since then must be gone now.</summary>
    /// <param name="lastHeard">After which no node can have heard of it.</param>
    /// <param name="timeoutMs">Of the session.</param>
    /// <param name="now">When it was still there.</param>
    public bool MustBeGone(long lastHeard, long timeoutMs, long now)
    {
        var at = periods.FindIndex(period => period.Begin <= now && now <= period.End);
        return at >= 0 && now - Math.Max(lastHeard, periods[at].Begin) > LastsMax(timeoutMs);
    }
}
