using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// What of the watches may be too much for one turn of the loop: setting those of clients that come back, and
/// forgetting those of clients that are gone, so many in each turn. Clients that come back share a turn: a few watches
/// need not wait for somebody else's hundred thousand.
/// </summary>
internal sealed class WatchTurns(
    Func<ZnodeTree> tree, WatchTable<ClientSession> watches, ChangeHistory history, ClientOutboxes outboxes,
    NodeLimits limits)
{
    private readonly Queue<ComingWatches> coming = [];
    private readonly Queue<ClientSession> gone = [];
    private readonly List<(ComingWatches Watches, ErrorCode Error)> restored = [];

    /// <summary>Something is left for the next turn.</summary>
    public bool HasWork => coming.Count > 0 || gone.Count > 0;

    /// <summary>A setWatches, setWatches2 or watch-from came to the head of its session's queue.</summary>
    public void Begin(ClientSession session, in PendingRequest request) =>
        coming.Enqueue(new ComingWatches(session, request));

    /// <summary>A connection was closed: nothing is sent to it any more.</summary>
    public void Forget(ClientSession session) => gone.Enqueue(session);

    /// <summary>This turn's share.</summary>
    /// <returns>Those that are done, and how they ended; valid until the next call.</returns>
    public IReadOnlyList<(ComingWatches Watches, ErrorCode Error)> Step()
    {
        restored.Clear();
        var restoresLeft = limits.WatchesPerTurnMax;
        while (restoresLeft > 0 && coming.TryDequeue(out var next))
        {
            if (next.Session.Phase != ClientPhase.Closed && !IsEnded(next, ref restoresLeft))
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

    private bool IsEnded(ComingWatches next, ref int left)
    {
        if (!next.TryGoOn(tree(), watches, history, outboxes, limits, ref left))
            restored.Add((next, ErrorCode.MarshallingError));
        else if (next.IsDone)
            restored.Add((next, ErrorCode.Ok));
        else
            return false;
        return true;
    }
}
