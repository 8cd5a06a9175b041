using Coord.Simulation.Clients;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;
using Coord.StateMachine;

namespace Coord.Simulation.Checks;

/// <summary>
/// A session lives for a timeout after every request that proved it alive, on every node (design: the reply is a
/// proof of life); nobody ends it earlier, unless its client asked for that.
/// </summary>
internal sealed class SessionChecker(EventQueue events, History history, double clockDrift)
{
    private readonly Dictionary<int, long> _applied = [];
    private readonly List<SessionLife> _living = [];
    private int _known;

    public int Expired { get; private set; }

    public void Turned(int node, ZnodeTree tree)
    {
        // Sessions begin and end where entries are applied, and nowhere else.
        if (_applied.GetValueOrDefault(node) == tree.AppliedIndex)
            return;

        _applied[node] = tree.AppliedIndex;
        for (; _known < history.Sessions.Count; _known++)
            _living.Add(history.Sessions[_known]);

        // A session's id is the index of the entry that made it.
        foreach (var session in _living)
        {
            if (session.Id != 0 && session.Id <= tree.AppliedIndex && !tree.TryGetSession(session.Id, out _))
                End(node, session);
        }

        _living.RemoveAll(s => s.EndedAt >= 0);
    }

    public void NodeStarted(int node) => _applied.Remove(node);

    /// <summary>A request was answered that proves the session alive since then.</summary>
    public void Proven(SessionLife session, long since)
    {
        session.ProvenAliveAt = Math.Max(session.ProvenAliveAt, since);
        Check(session);
    }

    private void End(int node, SessionLife session)
    {
        session.EndedAt = events.Now;
        session.EndedBy = node;
        if (session.IsCloseSent)
            return;

        Expired++;
        Check(session);
    }

    // Clocks may run at different rates.
    private void Check(SessionLife session)
    {
        var due = session.ProvenAliveAt + (session.TimeoutMicroseconds * (1 - (2 * clockDrift)));
        if (session.EndedAt < 0 || session.IsCloseSent || session.EndedAt >= due)
            return;

        throw new SimulationFailedException(
            $"node {session.EndedBy} ended session {session.Id:x} of client {session.Client} at {session.EndedAt}, "
            + $"{due - session.EndedAt} us before its time: proven alive at {session.ProvenAliveAt}");
    }
}
