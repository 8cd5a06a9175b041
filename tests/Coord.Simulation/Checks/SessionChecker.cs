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
    private readonly HashSet<(int Node, long Session)> _seen = [];
    private readonly HashSet<long> _ended = [];

    public int Expired { get; private set; }

    public void Turned(int node, ZnodeTree tree)
    {
        foreach (var session in history.Sessions)
        {
            if (session.Id == 0 || _ended.Contains(session.Id))
                continue;

            if (tree.TryGetSession(session.Id, out _))
                _seen.Add((node, session.Id));
            else if (_seen.Contains((node, session.Id)))
                End(node, session);
        }
    }

    public void NodeStarted(int node) => _seen.RemoveWhere(s => s.Node == node);

    private void End(int node, SessionLife session)
    {
        _ended.Add(session.Id);
        if (session.IsCloseSent)
            return;

        Expired++;
        // Clocks may run at different rates.
        var due = session.ProvenAliveAt + (session.TimeoutMicroseconds * (1 - (2 * clockDrift)));
        if (events.Now < due)
        {
            throw new SimulationFailedException(
                $"node {node} ended session {session.Id:x} of client {session.Client} at {events.Now}, "
                + $"{due - events.Now} us before its time: proven alive at {session.ProvenAliveAt}");
        }
    }
}
