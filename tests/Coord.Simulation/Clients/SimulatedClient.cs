using System.Buffers.Binary;
using System.Text;
using Coord.Simulation.Disk;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Clients;

/// <summary>
/// A ZooKeeper client: one session at a time, kept over reconnects, a few requests in flight. It knows nothing of the
/// cluster but the nodes' addresses.
/// </summary>
internal sealed class SimulatedClient
{
    private const long Patience = 1_200_000;
    private const int FlightsMax = 4;
    private const int PingXid = -2;
    private const int RequestedTimeoutMs = 3_000;

    private readonly int _id;
    private readonly EventQueue _events;
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly History _history;
    private readonly Workload _workload;
    private readonly IReadOnlyList<IClientHost> _hosts;
    private readonly Queue<Operation> _inFlight = new();
    private readonly Queue<(OperationKind Kind, string Path)> _asked = new();
    private readonly List<(OperationKind Kind, string Path)> _asking = [];
    private readonly List<byte> _received = [];
    private Connection? _connection;
    private bool _isConnected;
    private long _connectingSince;
    private long _lastZxid;
    private long _lastStateZxid;
    private long _lastSent;
    private long _silentUntil;
    private int _xid;
    private int _ticket;

    public SimulatedClient(
        int id,
        EventQueue events,
        SeededRandom random,
        Trace trace,
        History history,
        IReadOnlyList<IClientHost> hosts)
    {
        _id = id;
        _events = events;
        _random = random;
        _trace = trace;
        _history = history;
        _hosts = hosts;
        _workload = new Workload(random.Fork(), id);
        Session = NewSession();
        events.After(random.Below(500_000), Act);
    }

    public int Id => _id;

    public SessionLife Session { get; private set; }

    /// <summary>No more requests of the workload; what <see cref="Ask"/> queues is still sent.</summary>
    public bool IsQuiet { get; set; }

    public bool IsConnected => _isConnected;

    public bool IsIdle => _isConnected && _inFlight.Count == 0 && _asked.Count == 0 && _asking.Count == 0;

    public int Reconnects { get; private set; }

    /// <summary>Queues a read of the final check; asked again until it is answered.</summary>
    public void Ask(OperationKind kind, string path) => _asked.Enqueue((kind, path));

    /// <summary>Queues the creation of a znode that all clients use; asked again until it is answered.</summary>
    public void AskToCreate(string path) => _asked.Enqueue((OperationKind.Create, path));

    /// <summary>The client's process stops for a while, its connections stay open.</summary>
    public void FallSilent(long microseconds) => _silentUntil = _events.Now + microseconds;

    private void Act()
    {
        _events.After(_random.Between(1_000, 40_000), Act);
        if (_events.Now < _silentUntil)
            return;

        TakeReceived(_ticket);
        if (_connection is null)
        {
            Dial();
            return;
        }

        if (IsImpatient())
        {
            _trace.Mix(_events.Now, -_id, 1);
            Drop();
            return;
        }

        if (!_isConnected)
            return;

        SendAsked();
        if (!IsQuiet && _inFlight.Count < FlightsMax)
            SendNext();
        else if (_events.Now - _lastSent > Session.TimeoutMicroseconds / 3)
            Send(OperationKind.Ping, "", PingXid, new Wire().Int(PingXid).Int((int)OperationKind.Ping));
    }

    private bool IsImpatient()
    {
        var since = !_isConnected ? _connectingSince : _inFlight.TryPeek(out var oldest) ? oldest.Invoked : _events.Now;
        return _events.Now - since > Patience || (!IsQuiet && _random.Chance(0.001));
    }

    private void Dial()
    {
        var host = _random.Pick(_hosts);
        if (!host.IsRunning)
            return;

        Reconnects++;
        _ticket++;
        var ticket = _ticket;
        _received.Clear();
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
        _received.Clear();
        _asking.ForEach(_asked.Enqueue);
        _asking.Clear();
        if (Session.IsCloseSent)
            Session = NewSession();
    }

    private SessionLife NewSession()
    {
        var session = new SessionLife { Client = _id, Number = _history.Sessions.Count };
        _history.Sessions.Add(session);
        return session;
    }

    private void SendAsked()
    {
        while (_asked.TryDequeue(out var asked))
        {
            _asking.Add(asked);
            if (asked.Kind == OperationKind.Create)
                SendCreate(asked.Path, "", isEphemeral: false);
            else
                SendRead(asked.Kind, asked.Path, isSynced: true);
        }
    }

    private void SendNext()
    {
        if (_random.Chance(0.004))
        {
            Session.IsCloseSent = true;
            var xid = ++_xid;
            Send(OperationKind.Close, "", xid, new Wire().Int(xid).Int((int)OperationKind.Close));
            return;
        }

        if (Session.IsCloseSent)
            return;

        var (kind, path, value, isEphemeral, isSynced) = _workload.Next();
        if (kind is OperationKind.Get or OperationKind.Exists)
        {
            SendRead(kind, path, isSynced);
            return;
        }

        if (kind == OperationKind.Create)
        {
            SendCreate(path, value, isEphemeral);
            return;
        }

        var number = ++_xid;
        var wire = new Wire().Int(number).Int((int)kind).Text(path);
        if (kind == OperationKind.Set)
            wire.Buffer(Encoding.UTF8.GetBytes(value));

        Send(kind, path, number, wire.Int(-1), value);
    }

    private void SendCreate(string path, string value, bool isEphemeral)
    {
        var xid = ++_xid;
        var wire = new Wire().Int(xid).Int((int)OperationKind.Create).Text(path).Buffer(Encoding.UTF8.GetBytes(value))
            .OpenAcl().Int(isEphemeral ? 1 : 0);
        Send(OperationKind.Create, path, xid, wire, value, isEphemeral);
    }

    private void SendRead(OperationKind kind, string path, bool isSynced)
    {
        var syncedSince = -1L;
        if (isSynced)
        {
            syncedSince = _events.Now;
            var sync = ++_xid;
            Send(OperationKind.Sync, path, sync, new Wire().Int(sync).Int((int)OperationKind.Sync).Text(path));
        }

        var xid = ++_xid;
        var wire = new Wire().Int(xid).Int((int)kind).Text(path).Bool(false);
        Send(kind, path, xid, wire, syncedSince: syncedSince);
    }

    private void Send(
        OperationKind kind,
        string path,
        int xid,
        Wire wire,
        string value = "",
        bool isEphemeral = false,
        long syncedSince = -1)
    {
        var operation = new Operation
        {
            Client = _id,
            SessionNumber = Session.Number,
            Session = Session.Id,
            Kind = kind,
            Xid = xid,
            Path = path,
            Value = value,
            IsEphemeral = isEphemeral,
            SyncedSince = syncedSince,
            Invoked = _events.Now,
        };
        _history.Operations.Add(operation);
        _inFlight.Enqueue(operation);
        _lastSent = _events.Now;
        _connection!.Send(wire.Frame(), 1);
    }

    private void Receive(int ticket, byte[] bytes)
    {
        if (ticket != _ticket)
            return;

        _received.AddRange(bytes);
        if (_events.Now >= _silentUntil)
            TakeReceived(ticket);
    }

    private void TakeReceived(int ticket)
    {
        while (ticket == _ticket && _received.Count >= 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(_received.GetRange(0, 4).ToArray());
            if (_received.Count < 4 + length)
                return;

            var frame = _received.GetRange(4, length).ToArray();
            _received.RemoveRange(0, 4 + length);
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
            _trace.Say(_events.Now, $"client {_id}: session {Session.Id:x} is no more");
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
        Session.ProvenAliveAt = Math.Max(Session.ProvenAliveAt, _connectingSince);
        _isConnected = true;
        _lastSent = _events.Now;
        _trace.Say(_events.Now, $"client {_id}: session {id:x} on node {_connection!.HostId}");
    }

    private void TakeReply(byte[] frame)
    {
        var reader = new WireReader(frame);
        var xid = reader.Int();
        var zxid = reader.Long();
        var error = reader.Int();
        if (!_inFlight.TryDequeue(out var operation) || operation.Xid != xid)
            throw new SimulationFailedException($"client {_id} got an answer to {xid}, awaited is {operation}");

        // A ping or sync may be answered later than the write behind it was applied: then its zxid is the higher one.
        var isProof = operation.Kind is OperationKind.Ping or OperationKind.Sync;
        if (zxid < _lastStateZxid)
        {
            throw new SimulationFailedException(
                $"client {_id} saw zxid {zxid} after {_lastStateZxid}: {operation}");
        }

        _lastZxid = Math.Max(_lastZxid, zxid);
        if (!isProof)
            _lastStateZxid = zxid;

        operation.Complete(_events.Now, zxid, error, frame.AsSpan(16));
        _asking.Remove((operation.Kind, operation.Path));
        _trace.Mix(_events.Now, -_id, xid, (zxid << 8) ^ error);
        if (isProof || operation.IsWrite)
            Session.ProvenAliveAt = Math.Max(Session.ProvenAliveAt, operation.Invoked);

        if (operation.Kind == OperationKind.Close)
        {
            Session.IsCloseAnswered = true;
            Drop();
        }
    }
}
