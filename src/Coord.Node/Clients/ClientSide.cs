using Coord.Node.Audit;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// All that the replica loop does for this node's clients: takes in their requests, answers them, tells watchers, and
/// lets connections go. The loop is its only caller.
/// </summary>
internal sealed class ClientSide
{
    private const int BytesPerChange = 64;

    private readonly ReplicaView view;
    private readonly ProofRounds rounds;
    private readonly Reconfigs reconfigs;
    private readonly NodeLimits limits;
    private readonly WatchTable<ClientSession> watches;
    private readonly WatchTurns watchTurns;
    private readonly ChangeHistory history;
    private readonly ClientMetrics metrics;
    private readonly ClientOutboxes outboxes;
    private readonly Handshakes handshakes;
    private readonly ClientRequests requests;
    private readonly ConnectedClients connected;
    private readonly List<ClientSession> refused = [];
    private readonly AuditLog? audit;
    private bool hadNoLeader;
    private long idleLookMs;

    public ClientSide(
        ReplicaView view, Proposals proposals, ProofRounds rounds, Reconfigs reconfigs, ReplicaServices services,
        Func<ZnodeTree> tree, ulong seed)
    {
        this.view = view;
        this.rounds = rounds;
        this.reconfigs = reconfigs;
        limits = services.Limits;
        metrics = services.Metrics.Clients;
        watches = new WatchTable<ClientSession>(
            new WatchLimits(limits.ClientWatchesMax, limits.ClientWatchPathBytesMax) { TotalMax = limits.WatchesMax },
            seed);
        outboxes = new ClientOutboxes(metrics, services.Time, limits, services.Sends);
        history = new ChangeHistory(
            limits.WatchHistoryChanges, limits.WatchHistoryChanges * BytesPerChange, tree().AppliedIndex);
        watchTurns = new WatchTurns(tree, watches, history, outboxes, limits);
        handshakes = new Handshakes(view, proposals, outboxes, limits, services.NewPassword);
        var reads = new ReadRequests(tree, watches, outboxes, limits);
        var authentication = new Authentication(services.Access, limits, services.Audit, services.Logger);
        var watchRequests = new WatchRequests(tree, watches, outboxes);
        requests = new ClientRequests(
            proposals, rounds, reads, watchRequests, watchTurns, reconfigs, outboxes, metrics, authentication);
        connected = new ConnectedClients(outboxes, watchTurns, handshakes, requests, services.Audit);
        audit = services.Audit;
    }

    /// <summary>Another turn has work without an input.</summary>
    public bool HasWork => watchTurns.HasWork || outboxes.HasWork;

    public int SessionsHere => connected.Count;

    /// <summary>No leader is known, and clients that asked for it may read what is here.</summary>
    public bool IsReadOnly => hadNoLeader && limits.ReadOnlyMode;

    public IReadOnlyCollection<ClientSession> Open => connected.Open;

    public WatchTable<ClientSession> Watches => watches;

    public void TakeIn(ClientConnecting connecting, long appliedIndex)
    {
        connected.Opened(connecting.Session);
        connecting.Session.HeardMs = view.NowMs;
        connecting.Session.Counters.Received();
        metrics.PacketsReceived.Add();
        metrics.BytesReceived.Add(connecting.Handshake.FrameBytes);
        metrics.Handshakes.Add();
        if (connecting.Handshake.SessionId != 0)
            metrics.Reattaches.Add();
        if (!handshakes.Begin(connecting.Session, connecting.Handshake, appliedIndex))
            connected.Close(connecting.Session);
        else if (connecting.Session.IsReadOnly)
            connected.Attached(connecting.Session);
    }

    public void TakeIn(ClientFrames frames, long timestamp)
    {
        var session = frames.Session;
        session.HeardMs = view.NowMs;
        if (session.Phase == ClientPhase.Handshaking)
            session.Early.Add(frames.Frames);
        else if (session.Phase == ClientPhase.Connected && !requests.TakeIn(session, frames.Frames, timestamp))
            connected.Close(session);
        else
            connected.CloseIfAnswered(session);
    }

    /// <summary>An entry of this connection was applied.</summary>
    public void Applied(ClientSession session, ApplyResult result) => connected.Applied(session, result);

    public void SessionAttached(long sessionId, long attachment) => connected.SessionAttached(sessionId, attachment);

    public void SessionEnded(long sessionId, SessionEnd end) => connected.SessionEnded(sessionId, end);

    /// <summary>The state was replaced by another, of this index.</summary>
    public void StateReplaced(long appliedIndex)
    {
        connected.StateReplaced();
        history.Restart(appliedIndex);
    }

    /// <summary>
    /// Tells watchers what an entry changed, while it is applied: ahead of any reply that could show the change.
    /// </summary>
    public void FireWatches(ApplyResult result)
    {
        history.Note(result.Zxid, result.Changes);
        foreach (var change in result.Changes)
        {
            outboxes.EventsOfChange = 0;
            watches.Trigger(change, result.Zxid, outboxes);
            if (outboxes.EventsOfChange > 0)
                WatchersOf(change.Type).Record(outboxes.EventsOfChange);
        }
    }

    /// <summary>Goes on with the sessions whose pings and syncs are confirmed by now.</summary>
    public void CompleteRound(long appliedIndex)
    {
        if (!rounds.TryComplete(appliedIndex, out var sessions))
            return;
        foreach (var session in sessions)
        {
            if (session.Phase != ClientPhase.Connected)
                continue;
            requests.Drain(session);
            connected.CloseIfAnswered(session);
        }
    }

    /// <summary>Answers the reconfigs that are done or refused.</summary>
    public void CompleteReconfigs(long appliedIndex)
    {
        foreach (var (session, error) in reconfigs.TakeEnded(appliedIndex))
        {
            audit?.Session(session, "reconfig", error == ErrorCode.Ok);
            requests.AnswerReconfig(session, error);
            connected.CloseIfAnswered(session);
        }
    }

    /// <summary>A turn's share of the watches that take longer: answers the setWatches that are done.</summary>
    public void StepWatches()
    {
        foreach (var (restored, error) in watchTurns.Step())
        {
            requests.AnswerRestore(restored, error);
            connected.CloseIfAnswered(restored.Session);
        }
    }

    /// <summary>
    /// Flushes, and closes what is to be closed: everybody when no leader is known for a tickTime, and those that only
    /// read when there is one again.
    /// </summary>
    public void EndTurn(long appliedIndex)
    {
        refused.Clear();
        handshakes.Continue(appliedIndex, refused);
        foreach (var session in refused)
            connected.Close(session);
        connected.FlushTurn();
        var isLeaderless = view.IsLeaderlessFor(limits.TickTime);
        if (isLeaderless != hadNoLeader)
        {
            hadNoLeader = isLeaderless;
            connected.CloseAll();
        }
        else if (IsReadOnly && view.NowMs >= idleLookMs)
        {
            idleLookMs = view.NowMs + (long)limits.TickTime.TotalMilliseconds;
            connected.CloseIdle(view.NowMs);
        }
    }

    /// <summary>A share of events is on its way: the end of this turn writes the next.</summary>
    public void SendsTaken() => outboxes.SendsTaken();

    public void Close(ClientSession session) => connected.Close(session);

    /// <summary>A connection ended from the client's side, or by an error of its socket.</summary>
    public void Gone(ClientSession session)
    {
        if (session.Phase != ClientPhase.Closed)
            metrics.Dropped.Add();
        connected.Close(session);
    }

    public void CloseAll() => connected.CloseAll();

    private Distribution WatchersOf(WatchEventType type) => type switch
    {
        WatchEventType.NodeCreated => metrics.CreatedWatchers,
        WatchEventType.NodeDeleted => metrics.DeletedWatchers,
        WatchEventType.NodeDataChanged => metrics.ChangedWatchers,
        _ => metrics.ChildrenWatchers,
    };
}
