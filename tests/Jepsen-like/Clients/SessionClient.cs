using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Clients;

/// <summary>
/// A ZooKeeper session that survives its connections: it re-attaches with its id and password, wherever a node takes
/// it. One flight at a time. Whoever gets <see cref="ConnectionLostException"/> does not know what happened.
/// </summary>
internal sealed class SessionClient(ClientView view, int firstNode, TimeSpan replyTimeout, int timeoutMs = 10_000)
    : IDisposable
{
    private static int sessionCount;

    private readonly byte[] password = new byte[Wire.PasswordBytes];
    private ImmutableSortedDictionary<int, IPEndPoint> servers = view.Members;
    private WireConnection? connection;
    private CancellationTokenSource timer = new();
    private long sessionId;
    private long lastZxid;
    private int xid;

    /// <summary>A client that lives where this process does.</summary>
    public SessionClient(
        IReadOnlyList<IPEndPoint> nodes, int firstNode, TimeSpan replyTimeout, int timeoutMs = 10_000)
        : this(new ClientView(nodes, ClientView.OwnSocket), firstNode, replyTimeout, timeoutMs)
    {
    }

    /// <summary>Number of the session among all of this process; changes only if a session expired.</summary>
    public int Session { get; private set; } = Interlocked.Increment(ref sessionCount);

    /// <summary>The node attached to, or tried last, counted from 1.</summary>
    public int Node { get; private set; } = firstNode;

    /// <summary>The session timeout that the servers granted.</summary>
    public int GrantedTimeoutMs { get; private set; }

    /// <summary>Connections that the session, and those before it, have had.</summary>
    public int Connections { get; private set; }

    /// <summary>Called with every watch event, in its place among the replies.</summary>
    public Action<WatchEvent>? OnEvent { get; set; }

    public bool IsConnected => connection is not null;

    /// <summary>
    /// Whether it hears of members that come and go, as a client does whose connection string is kept up to date. By
    /// default it knows those of its beginning.
    /// </summary>
    public bool HearsOfMembers { get; init; }

    /// <summary>This end's port of the connection, by which a trace names it.</summary>
    public int LocalPort => Connection.LocalPort;

    /// <summary>How often the servers said that the session is gone.</summary>
    public int Expirations { get; private set; }

    /// <summary>
    /// Whether xids begin at 1 again with each connection, as kazoo's do; else they go on, as those of Java's client do
    /// (zookeeper-protocol 1.6).
    /// </summary>
    public bool RestartsXids { get; init; }

    /// <summary>Makes one attempt at the current node; when it fails, the next attempt goes to the next node.</summary>
    public async Task<bool> TryConnectAsync()
    {
        if (!servers.TryGetValue(Node, out var server))
        {
            MoveOn();
            return false;
        }

        try
        {
            var request = Wire.Connect(lastZxid, timeoutMs, sessionId, password);
            var (opened, response) = await WireConnection.OpenAsync(
                view.NewSocket(), server, request, Deadline());
            if (Accept(response))
            {
                connection = opened;
                Connections++;
                if (RestartsXids)
                    xid = 0;
                return true;
            }

            opened.Dispose();
        }
        catch (ConnectionLostException)
        {
            // Not taken here: a node that is down, behind or without a leader closes the socket. The next one may.
        }

        MoveOn();
        return false;
    }

    public async Task ConnectAsync(CancellationToken cancel)
    {
        while (!await TryConnectAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
    }

    /// <summary>Leaves the connection without a word, as a client on a broken network would.</summary>
    public void Drop()
    {
        connection?.Dispose();
        connection = null;
    }

    /// <summary>Drops the connection and turns to the next node; the session stays the same.</summary>
    public void MoveOn() => MoveTo(servers.Keys.FirstOrDefault(node => node > Node, servers.Keys.First()));

    /// <summary>
    /// Takes note of members that have come or gone since the last time: it leaves a node that is no member any more,
    /// and half of the time goes over to one that came. For between two steps: the session stays the same.
    /// </summary>
    public void Follow(Random random)
    {
        var now = view.Members;
        if (!HearsOfMembers || now == servers)
            return;

        var came = now.Keys.Where(node => !servers.ContainsKey(node)).ToArray();
        servers = now;
        if (came.Length > 0 && random.Next(2) == 0)
            MoveTo(came[random.Next(came.Length)]);
        else if (!servers.ContainsKey(Node))
            MoveOn();
    }

    public Task<Reply> CreateAsync(string path, byte[] data, CreateMode mode = CreateMode.Persistent) =>
        AskAsync(Wire.CreateRequest(++xid, path, data, mode), xid);

    public Task<Reply> DeleteAsync(string path) => AskAsync(Wire.DeleteRequest(++xid, path), xid);

    public Task<Reply> SetDataAsync(string path, byte[] data, int version) =>
        AskAsync(Wire.SetDataRequest(++xid, path, data, version), xid);

    public Task<Reply> ExistsAsync(string path) => AskAsync(Wire.ReadRequest(++xid, Wire.Exists, path), xid);

    public Task<Reply> GetDataAsync(string path, bool watch = false) =>
        AskAsync(Wire.ReadRequest(++xid, Wire.GetData, path, watch), xid);

    /// <summary>Asks for watches of another connection again; of what has changed since, one-shot ones tell.</summary>
    public Task<Reply> SetWatchesAsync(IReadOnlyDictionary<string, WatchList> watches) =>
        AskAsync(Wire.SetWatchesRequest(++xid, lastZxid, watches), xid);

    /// <summary>Adds a watch that stays; the reply's body is four bytes, and they matter to Java's clients.</summary>
    public async Task<Reply> AddWatchAsync(string path, bool isRecursive)
    {
        var reply = await AskAsync(Wire.AddWatchRequest(++xid, path, isRecursive), xid);
        return reply.Error != 0 || reply.Body.Length == 4 ? reply
            : throw new ProtocolViolationException($"an addWatch body of {reply.Body.Length} bytes");
    }

    /// <summary>sync and getData in one flight: what a client does that wants to read the latest.</summary>
    public async Task<Reply> SyncAndGetDataAsync(string path)
    {
        var sync = ++xid;
        var get = ++xid;
        byte[] both = [.. Wire.SyncRequest(sync, path), .. Wire.ReadRequest(get, Wire.GetData, path)];
        var deadline = Deadline();
        await Connection.SendAsync(both, deadline);
        var synced = await ReceiveAsync(sync, deadline);
        if (synced.Error != 0)
            throw new ProtocolViolationException($"sync answered {synced.Error}");

        return await ReceiveAsync(get, deadline);
    }

    /// <summary>Sends requests in one flight, each made with its xid, and returns their replies in order.</summary>
    public async Task<Reply[]> FlightAsync(params Func<int, byte[]>[] requests)
    {
        var first = xid + 1;
        xid += requests.Length;
        byte[] flight = [.. requests.SelectMany((request, i) => request(first + i))];
        var deadline = Deadline();
        await Connection.SendAsync(flight, deadline);
        var replies = new Reply[requests.Length];
        for (var i = 0; i < replies.Length; i++)
        {
            var reply = await ReceiveAsync(first + i, deadline);
            replies[i] = reply with { Body = reply.Body.ToArray() };
        }

        return replies;
    }

    /// <summary>Ends the session; its ephemerals would go with it.</summary>
    public async Task<Reply> CloseAsync()
    {
        var reply = await AskAsync(Wire.BareRequest(++xid, Wire.CloseSession), xid);
        Drop();
        return reply;
    }

    public void Dispose()
    {
        Drop();
        timer.Dispose();
    }

    private WireConnection Connection => connection ?? throw new ConnectionLostException("not connected");

    private void MoveTo(int node)
    {
        Drop();
        Node = node;
    }

    private async Task<Reply> AskAsync(byte[] request, int expectedXid)
    {
        var deadline = Deadline();
        await Connection.SendAsync(request, deadline);
        return await ReceiveAsync(expectedXid, deadline);
    }

    private async ValueTask<Reply> ReceiveAsync(int expectedXid, CancellationToken deadline)
    {
        var reply = Reply.Parse(await Connection.ReceiveAsync(deadline));
        for (; reply.Xid == Wire.EventXid; reply = Reply.Parse(await Connection.ReceiveAsync(deadline)))
        {
            if (OnEvent is null)
                throw new ProtocolViolationException("an event without a watch");
            OnEvent(reply.Event());
        }

        if (reply.Xid != expectedXid)
            throw new ProtocolViolationException($"a reply to xid {reply.Xid}, expected {expectedXid}");

        lastZxid = Math.Max(lastZxid, reply.Zxid);
        return reply;
    }

    private bool Accept(ReadOnlySpan<byte> response)
    {
        if (response.Length is not (36 or 37))
            throw new ProtocolViolationException($"a ConnectResponse of {response.Length} bytes");

        var timeout = BinaryPrimitives.ReadInt32BigEndian(response[4..]);
        var id = BinaryPrimitives.ReadInt64BigEndian(response[8..]);
        if (timeout > 0 && id != 0)
        {
            if (sessionId != 0 && id != sessionId)
                throw new ProtocolViolationException("a re-attach was answered with another session");
            sessionId = id;
            GrantedTimeoutMs = timeout;
            response.Slice(20, Wire.PasswordBytes).CopyTo(password);
            return true;
        }

        Expirations++;
        sessionId = 0;
        Array.Clear(password);
        Session = Interlocked.Increment(ref sessionCount);
        return false;
    }

    private CancellationToken Deadline()
    {
        if (!timer.TryReset())
        {
            timer.Dispose();
            timer = new CancellationTokenSource();
        }

        timer.CancelAfter(replyTimeout);
        return timer.Token;
    }
}
