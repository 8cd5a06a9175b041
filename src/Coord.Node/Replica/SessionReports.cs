using Coord.Node.Admin;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Somebody wants to know the sessions and their ephemerals.</summary>
internal sealed record SessionReportWanted(TaskCompletionSource<SessionReport> Report) : ReplicaInput;

/// <summary>
/// Gathers what <c>dump</c> tells, a bounded step per turn, so that no request waits for it (design.md section 10). Who
/// asks while a report is being made gets the same one.
/// </summary>
internal sealed class SessionReports(ReplicaView view, SessionExpiry expiry, NodeLimits limits)
{
    // About half a millisecond.
    private const int PathsOfStep = 2_000;

    private readonly List<TaskCompletionSource<SessionReport>> waiting = [];
    private List<ReportedSession>? sessions;
    private HashSet<string> paths = [];
    private int position;
    private int end = int.MaxValue;
    private int gathered;

    /// <summary>True while a report goes on without an input.</summary>
    public bool HasWork => waiting.Count > 0;

    public void Begin(SessionReportWanted wanted) => waiting.Add(wanted.Report);

    /// <summary>One step: first the sessions, some tens of nanoseconds each, then their ephemerals.</summary>
    public void Step(ZnodeTree tree)
    {
        if (waiting.Count == 0)
            return;
        if (sessions is null)
            sessions = [.. tree.Sessions.Select(Reported)];
        else
            Gather(tree);
        if (position < sessions.Count && gathered < limits.ReportedPathsMax)
            return;
        var report = new SessionReport(sessions, IsCut: position < sessions.Count);
        foreach (var one in waiting)
            one.TrySetResult(report);
        waiting.Clear();
        sessions = null;
        (position, gathered, end, paths) = (0, 0, int.MaxValue, []);
    }

    private void Gather(ZnodeTree tree)
    {
        for (var room = PathsOfStep; position < sessions!.Count && room > 0 && gathered < limits.ReportedPathsMax;)
        {
            var before = paths.Count;
            var most = Math.Min(room, limits.ReportedPathsMax - gathered);
            end = tree.CopyEphemerals(sessions[position].Id, end, most, paths);
            gathered += paths.Count - before;

            // A session without ephemerals costs a step of its own too.
            room -= paths.Count - before + 1;
            if (end > 0)
                continue;
            if (paths.Count > 0)
                sessions[position] = sessions[position] with { Ephemerals = paths };
            (position, end, paths) = (position + 1, int.MaxValue, paths.Count > 0 ? [] : paths);
        }

        // What is given out so far of the session under way belongs to the report too.
        if (gathered >= limits.ReportedPathsMax && position < sessions.Count && paths.Count > 0)
            sessions[position] = sessions[position] with { Ephemerals = paths };
    }

    private ReportedSession Reported(SessionView session) => new(
        session.Id, session.TimeoutMs, expiry.DueMs(session.Id) is { } due ? view.WallClockMs + due - view.NowMs : null,
        []);
}
