using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Clients;

/// <summary>
/// A ZooKeeper client: one session at a time, kept over reconnects, a few requests in flight. It knows nothing of the
/// cluster but the nodes' addresses.
/// </summary>
internal sealed class SimulatedClient
{
    private const int FlightsMax = 4;
    private const int PingXid = -2;
    private const int SetWatchesXid = -8;
    private const int RequestedTimeoutMs = 3_000;

    private readonly int _id;
    private readonly SimulatedWorld _world;
    private readonly EventQueue _events;
    private readonly SeededRandom _random;
    private readonly History _history;
    private readonly WorkloadMix _mix;
    private readonly Workload _workload;
    private readonly ClientWatches _watches;
    private readonly ReplyStream _replies = new();
    private readonly Queue<Operation> _inFlight = new();
    private readonly Queue<Request> _asked = new();
    private readonly List<Request> _asking = [];
    private IReadOnlyList<SimulatedNode> _hosts;
    private Connection? _connection;
    private bool _isConnected;
    private long _connectingSince;
    private long _lastZxid;
    private long _lastStateZxid;
    private long _lastSent;
    private long _silentUntil;
    private long _dialAt;
    private bool _prefersLeader;
    private int _xid;
    private int _ticket;

    public SimulatedClient(
        int id, SimulatedWorld world, SeededRandom random, History history, IReadOnlyList<SimulatedNode> hosts)
    {
        _id = id;
        _world = world;
        _events = world.Events;
        _random = random;
        _history = history;
        _hosts = hosts;
        _mix = world.Shape.Workload;
        _workload = new Workload(random.Fork(), _mix, id);
        _watches = new ClientWatches(id, history);
        Session = NewSession();
        _events.After(random.Below(500_000), Act);
    }

    public int Id => _id;

    public SessionLife Session { get; private set; }

    /// <summary>No more requests of the workload; what <see cref="Ask"/> queues is still sent.</summary>
    public bool IsQuiet { get; set; }

    public bool IsConnected => _isConnected;

    public bool IsIdle => _isConnected && _events.Now >= _silentUntil
        && _inFlight.Count == 0 && _asked.Count == 0 && _asking.Count == 0;

    /// <summary>Queues a request that is asked again until it is answered.</summary>
    public void Ask(Request request) => _asked.Enqueue(request);

    /// <summary>From now on it knows these nodes only.</summary>
    public void Use(IReadOnlyList<SimulatedNode> hosts)
    {
        _hosts = hosts;
        if (_connection is not null && hosts.All(h => h.Id != _connection.HostId))
            Drop();
    }

    /// <summary>The client's process stops for a while, its connections stay open.</summary>
    public void FallSilent(long microseconds) => _silentUntil = _events.Now + microseconds;

    /// <summary>
    /// The client loses its connection, and comes back to the leader when so many percent of its session's timeout are
    /// over: at the brink of its end.
    /// </summary>
    public void Vanish(int percent)
    {
        if (!_isConnected)
            return;

        _dialAt = _events.Now + (Session.TimeoutMicroseconds * percent / 100);
        _prefersLeader = true;
        Drop();
    }

    /// <summary>The client's process dies and another one begins: nobody knows of the old session any more.</summary>
    public void Abandon()
    {
        Session.IsAbandoned = true;
        Drop();
        Session = NewSession();
    }

    /// <summary>What a reader of a failure wants to know of it.</summary>
    public override string ToString() =>
        $"session {Session.Id:x} {(_isConnected ? "on" : "asked for at")} node {_connection?.HostId}, "
        + $"{_inFlight.Count} in flight, {_asked.Count + _asking.Count} to be asked";

    private void Act()
    {
        _events.After(_random.Between(1_000, _mix.ThinkTimeMax), Act);
        if (_events.Now < _silentUntil)
            return;

        TakeReplies();
        if (_connection is null)
        {
            Dial();
            return;
        }

        if (IsImpatient())
        {
            _world.Trace.Mix(_events.Now, -_id, 1);
            Drop();
            return;
        }

        if (!_isConnected)
            return;

        while (_asked.TryDequeue(out var asked))
        {
            _asking.Add(asked);
            Send(asked);
        }

        if (!IsQuiet && _inFlight.Count < FlightsMax)
            SendNext();
        else if (_events.Now - _lastSent > Session.TimeoutMicroseconds / 3)
            Transmit(new Request(OperationKind.Ping, ""), PingXid);
    }

    private bool IsImpatient()
    {
        var since = !_isConnected ? _connectingSince : _inFlight.TryPeek(out var oldest) ? oldest.Invoked : _events.Now;
        return _events.Now - since > _mix.Patience || (!IsQuiet && _random.Chance(0.001));
    }

    private void Dial()
    {
        if (_events.Now < _dialAt && _world.IsFaulty)
            return;

        var leader = _prefersLeader ? _hosts.FirstOrDefault(h => h.IsLeader) : null;
        var host = leader ?? _random.Pick(_hosts);
        _prefersLeader = false;
        if (!host.IsRunning)
            return;

        _ticket++;
        var ticket = _ticket;
        _replies.Clear();
        _connectingSince = _events.Now;
        _connection = new Connection(
            _events,
            _random.Fork(),
            host,
            $"10.0.0.{_id}:{_ticket}",
            bytes => Receive(ticket, bytes),
            () => Ended(ticket));
        _connection.SendHandshake(new Wire().Int(0).Long(_lastZxid).Int(RequestedTimeoutMs).Long(Session.Id)
            .Buffer(Session.Password).Bool(false).Frame());
    }

    private void Ended(int ticket)
    {
        if (ticket == _ticket)
            Drop();
    }

    // raft-design T23: what has no answer may have happened or not.
    private void Drop()
    {
        _ticket++;
        _connection?.Close();
        _connection = null;
        _isConnected = false;
        _inFlight.Clear();
        _replies.Clear();
        _asking.ForEach(_asked.Enqueue);
        _asking.Clear();
        if (Session.IsCloseSent)
            Session = NewSession();
    }

    private SessionLife NewSession()
    {
        _watches.Clear();
        var session = new SessionLife { Client = _id, Number = _history.Sessions.Count };
        _history.Sessions.Add(session);
        return session;
    }

    private void SendNext()
    {
        if (Session.IsCloseSent)
            return;

        if (_random.Chance(0.004))
        {
            Session.IsCloseSent = true;
            Transmit(new Request(OperationKind.Close, ""), ++_xid);
            return;
        }

        Send(_workload.Next());
    }

    private void Send(Request request)
    {
        if (request.IsSynced)
            Transmit(new Request(OperationKind.Sync, request.Path), ++_xid);

        Transmit(request, ++_xid, request.IsSynced || request.HasBarrier ? _events.Now : -1);
    }

    private void Transmit(Request request, int xid, long syncedSince = -1) =>
        Transmit(request, xid, request.Encode(xid), syncedSince);

    private void Transmit(Request request, int xid, Wire wire, long syncedSince)
    {
        var operation = new Operation
        {
            Client = _id,
            SessionNumber = Session.Number,
            Request = request,
            Xid = xid,
            SyncedSince = syncedSince,
            CommittedBefore = _world.Checker.Committed,
            Invoked = _events.Now,
        }.Begin();
        _history.Operations.Add(operation);
        _inFlight.Enqueue(operation);
        _lastSent = _events.Now;
        _connection!.Send(wire.Frame(), 1);
    }

    private void Receive(int ticket, byte[] bytes)
    {
        if (ticket != _ticket)
            return;

        _replies.Add(bytes);
        if (_events.Now >= _silentUntil)
            TakeReplies();
    }

    private void TakeReplies()
    {
        var ticket = _ticket;
        while (ticket == _ticket && _replies.TryTake(out var frame))
        {
            if (_isConnected)
                TakeReply(frame);
            else
                TakeConnectResponse(frame);
        }
    }

    private void TakeConnectResponse(byte[] frame)
    {
        var reader = new WireReader(frame);
        reader.Int();
        var timeout = reader.Int();
        var id = reader.Long();
        var password = reader.Buffer();
        if (timeout <= 0)
        {
            _world.Tell($"client {_id}: session {Session.Id:x} is no more");
            Session.IsRefused = true;
            Drop();
            Session = NewSession();
            return;
        }

        if (Session.Id != 0 && Session.Id != id)
            throw new SimulationFailedException($"client {_id} asked for session {Session.Id:x} and got {id:x}");

        Session.Id = id;
        Session.Password = password;
        Session.TimeoutMicroseconds = timeout * 1_000L;
        _world.Sessions.Proven(Session, _connectingSince);
        _isConnected = true;
        _lastSent = _events.Now;
        _world.Tell($"client {_id}: session {id:x} on node {_connection!.HostId}");
        if (!_watches.IsEmpty)
        {
            var wire = _watches.Encode(SetWatchesXid, _lastZxid);
            Transmit(new Request(OperationKind.SetWatches, ""), SetWatchesXid, wire, -1);
        }
    }

    private void TakeReply(byte[] frame)
    {
        var reader = new WireReader(frame);
        var xid = reader.Int();
        var zxid = reader.Long();
        var error = reader.Int();
        if (xid == -1)
        {
            TakeEvent(ref reader);
            return;
        }

        if (!_inFlight.TryDequeue(out var operation) || operation.Xid != xid)
            throw new SimulationFailedException($"client {_id} got an answer to {xid}, awaited is {operation}");

        operation.Complete(_events.Now, zxid, error, frame.AsSpan(16));
        _history.Answered++;
        _workload.Learn(operation);
        CheckOrder(operation);
        _watches.Shown(zxid);
        if (operation.Request.Watches)
            _watches.Left(operation);

        _asking.Remove(operation.Request);
        _world.Trace.Mix(_events.Now, -_id, xid, (zxid << 8) ^ error);
        if (operation.Kind == OperationKind.Close)
        {
            Session.IsCloseAnswered = true;
            Session.CloseZxid = zxid;
            Drop();
        }
    }

    private void TakeEvent(ref WireReader reader)
    {
        var type = reader.Int();
        reader.Int();
        var path = reader.Text();
        _world.Counters.CountWatchEvent();
        _world.Trace.Mix(_events.Now, -_id, type, path.Length);
        if (!_watches.Fired(type, path, _events.Now))
            throw new SimulationFailedException($"client {_id} got event {type} of {path}, which it does not watch");
    }

    // A ping or sync may be answered later than the write behind it was applied: then its zxid is the higher one.
    private void CheckOrder(Operation operation)
    {
        var isAlone = operation.Kind is OperationKind.Ping or OperationKind.Sync;
        var isProof = isAlone || operation.Request.HasBarrier;
        if (operation.Zxid < _lastStateZxid)
            throw new SimulationFailedException($"client {_id} saw {operation} after zxid {_lastStateZxid}");

        // raft-design T9, reads: a proof covers everything that was committed before it was asked for.
        if (isProof && operation.Zxid < operation.CommittedBefore)
        {
            throw new SimulationFailedException(
                $"stale: {operation} covers less than index {operation.CommittedBefore}, committed before");
        }

        _lastZxid = Math.Max(_lastZxid, operation.Zxid);
        if (!isAlone)
            _lastStateZxid = operation.Zxid;

        if (isProof || operation.IsWrite)
            _world.Sessions.Proven(Session, operation.Invoked);
    }
}
