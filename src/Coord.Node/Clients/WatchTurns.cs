using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// What of the watches may be too much for one turn of the loop: setting those of clients that come back, and
/// forgetting those of clients that are gone, so many in each turn. Clients that come back share a turn: a few watches
/// need not wait for somebody else's hundred thousand.
/// </summary>
internal sealed class WatchTurns(
    Func<ZnodeTree> tree, WatchTable<ClientSession> watches, ClientOutboxes outboxes, NodeLimits limits)
{
    private const int OpCodeBytes = 4;

    private readonly Queue<(ClientSession Session, WatchRestore<ClientSession> Restore)> coming = [];
    private readonly Queue<ClientSession> gone = [];
    private readonly List<(ClientSession Session, ErrorCode Error)> restored = [];

    /// <summary>Something is left for the next turn.</summary>
    public bool HasWork => coming.Count > 0 || gone.Count > 0;

    /// <summary>A setWatches or setWatches2 came to the head of its session's queue.</summary>
    public void Begin(ClientSession session, in PendingRequest request) => coming.Enqueue((
        session,
        new WatchRestore<ClientSession>(request.Body[OpCodeBytes..], request.Op == OpCode.SetWatches2, session)));

    /// <summary>A connection was closed: nothing is sent to it any more.</summary>
    public void Forget(ClientSession session) => gone.Enqueue(session);

    /// <summary>This turn's share.</summary>
    /// <returns>The sessions whose setWatches is done, and how it ended; valid until the next call.</returns>
    public IReadOnlyList<(ClientSession Session, ErrorCode Error)> Step()
    {
        restored.Clear();
        var restoresLeft = limits.WatchesPerTurnMax;
        while (restoresLeft > 0 && coming.TryDequeue(out var next))
        {
            var share = Math.Min(restoresLeft, limits.WatchesPerShareMax);
            restoresLeft -= share;
            var isEnded = next.Session.Phase == ClientPhase.Closed || IsEnded(next.Session, next.Restore, ref share);
            restoresLeft += share;
            if (!isEnded)
                coming.Enqueue(next);
        }

        var forgetsLeft = limits.WatchesPerTurnMax;
        while (forgetsLeft > 0 && gone.TryPeek(out var session))
        {
            forgetsLeft -= watches.Forget(session, forgetsLeft);
            if (forgetsLeft > 0)
                gone.Dequeue();
        }

        return restored;
    }

    private bool IsEnded(ClientSession session, WatchRestore<ClientSession> restore, ref int pathsLeft)
    {
        if (!restore.TryGoOn(watches, tree(), outboxes, ref pathsLeft))
            restored.Add((session, ErrorCode.MarshallingError));
        else if (restore.IsDone)
            restored.Add((session, ErrorCode.Ok));
        else
            return false;
        return true;
    }
}
