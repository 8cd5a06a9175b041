using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Text;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>
/// Servers that speak the real protocol on loopback sockets over one tree, and do what the script says: lose replies,
/// hold requests back, refuse, cut. Each connection has a thread of its own, so a starved pool does not stop it.
/// </summary>
internal sealed class ScriptedCluster : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<ScriptedServer> servers = [];
    private readonly Dictionary<long, ScriptedSession> sessions = [];
    private readonly List<Fault> faults = [];
    private readonly List<ScriptedConnection> connections = [];
    private readonly ScriptedTree tree = new();
    private readonly Dictionary<long, ScriptedTree> pasts = [];
    private readonly Dictionary<OpCode, int> seen = [];
    private readonly List<string> credentials = [];
    private long lastSession = 0x1000;
    private Func<OpCode, FaultKind?>? chance;

    public ScriptedCluster(int nodes = 1)
    {
        for (var i = 0; i < nodes; i++)
            servers.Add(new ScriptedServer(this));
    }

    public string ConnectionString => string.Join(',', servers.Select(server => server.Address));

    /// <summary>The addresses, one for each server.</summary>
    public IReadOnlyList<string> Addresses => [.. servers.Select(server => server.Address)];

    /// <summary>How the servers take TLS; null: in clear.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>Text of /zookeeper/coord/features; null: plain ZooKeeper.</summary>
    public string? Features { get; set; }

    /// <summary>Replies to writes with a number are forgotten at once, as when too many came after them.</summary>
    public volatile bool ForgetsReplies;

    /// <summary>Connections are closed without a word, as by servers without a quorum.</summary>
    public volatile bool RefusesHandshakes;

    /// <summary>Connections refused so far.</summary>
    public int Refused;

    public IReadOnlyCollection<long> Sessions
    {
        get
        {
            lock (gate)
                return [.. sessions.Keys];
        }
    }

    /// <summary>Secrets shown so far, in order.</summary>
    public IReadOnlyList<string> Credentials
    {
        get
        {
            lock (gate)
                return [.. credentials];
        }
    }

    public void Dispose()
    {
        foreach (var server in servers)
            server.Dispose();
        CutAll();
    }

    /// <summary>A server that is gone for good: connections to it are refused, those that stand are cut.</summary>
    public void Remove(int server)
    {
        servers[server].Dispose();
        CutAll();
    }

    public Fault On(OpCode op, FaultKind kind, Func<string, bool>? path = null)
    {
        var fault = new Fault(op, kind) { Path = path };
        lock (gate)
            faults.Add(fault);
        return fault;
    }

    /// <summary>Answers the next request of a kind with an error.</summary>
    public void Refuse(OpCode op, ErrorCode error, Func<string, bool>? path = null)
    {
        lock (gate)
            faults.Add(new Fault(op, FaultKind.Refuse) { Error = error, Path = path });
    }

    /// <summary>A new, empty cluster at the old addresses, whose zxids begin again.</summary>
    public void Wipe()
    {
        lock (gate)
        {
            tree.Restore(new() { ["/"] = new ScriptedNode() });
            tree.Zxid = 0;
            sessions.Clear();
        }

        CutAll();
    }

    /// <summary>Requests of one kind so far.</summary>
    public int SeenOf(OpCode op)
    {
        lock (gate)
            return seen.GetValueOrDefault(op);
    }

    /// <summary>Decides by chance what happens to each write.</summary>
    public void Randomly(Func<OpCode, FaultKind?>? decide)
    {
        lock (gate)
            chance = decide;
    }

    public void CutAll()
    {
        ScriptedConnection[] open;
        lock (gate)
            open = [.. connections];
        foreach (var connection in open)
            connection.Cut();
    }

    /// <summary>Ends a session as the leader does when its time is up.</summary>
    public void Expire(long session)
    {
        lock (gate)
        {
            if (!sessions.Remove(session, out var ended))
                return;
            tree.Zxid++;
            foreach (var path in tree.OwnedBy(session))
                tree.Delete(path, -1);
            FireWatches();
            ended.Connection?.Cut();
        }
    }

    /// <summary>Ends a session whose znodes a server still shows.</summary>
    public void EndWithoutItsZnodes(long session)
    {
        lock (gate)
        {
            if (sessions.Remove(session, out var ended))
                ended.Connection?.Cut();
        }
    }

    /// <summary>
    /// The server of a session hears of nothing from now on, until it has to: for a write, a sync or a barrier.
    /// </summary>
    public void LagBehind(long session)
    {
        lock (gate)
        {
            var past = pasts[session] = new ScriptedTree { Zxid = tree.Zxid };
            past.Restore(tree.Copy());
        }
    }

    /// <summary>Changes the tree as another client would.</summary>
    public void Edit(Action<ScriptedTree> edit)
    {
        lock (gate)
        {
            tree.Zxid++;
            edit(tree);
            FireWatches();
        }
    }

    public T Look<T>(Func<ScriptedTree, T> look)
    {
        lock (gate)
            return look(tree);
    }

    internal void Add(ScriptedConnection connection)
    {
        lock (gate)
            connections.Add(connection);
    }

    internal void Remove(ScriptedConnection connection)
    {
        lock (gate)
        {
            connections.Remove(connection);
            foreach (var session in sessions.Values)
            {
                if (session.Connection == connection)
                    session.Connection = null;
            }
        }
    }

    internal ScriptedSession? Attach(ScriptedConnection connection, long id, long lastZxid, int timeoutMs)
    {
        lock (gate)
        {
            if (lastZxid > tree.Zxid)
                return null;
            tree.Zxid++;
            if (id == 0)
                sessions[id = ++lastSession] = new ScriptedSession(id, timeoutMs);
            if (!sessions.TryGetValue(id, out var session))
                return new ScriptedSession(0, 0);
            session.Connection?.Cut();
            session.Connection = connection;
            session.Attachment++;
            return session;
        }
    }

    /// <summary>Carries a request out for the present connection of a session.</summary>
    internal void Handle(ScriptedConnection connection, ScriptedRequest request)
    {
        lock (gate)
        {
            if (!sessions.TryGetValue(connection.SessionId, out var session)
                || session.Attachment != connection.Attachment)
            {
                connection.Cut();
                return;
            }

            if (request.Op == OpCode.Auth)
                credentials.Add(Encoding.UTF8.GetString(request.Bytes));
            var op = request.HasBarrier ? OpCode.BarrierRead : request.Op;
            seen[op] = seen.GetValueOrDefault(op) + 1;
            var fault = TakeFault(request);
            var kind = fault?.Kind ?? chance?.Invoke(request.Kind);
            switch (kind)
            {
                case null:
                    if (IsBehind(connection, request, out var past))
                        connection.Reply(
                            request, past.Zxid, ScriptedOperations.Run(past, connection, request, Features));
                    else
                        ReplyNow(connection, request);
                    break;
                case FaultKind.Refuse:
                    connection.Reply(request, ++tree.Zxid, new ScriptedReply(fault!.Error));
                    break;
                case FaultKind.DropReply or FaultKind.Swallow:
                    Execute(connection, request);
                    break;
            }

            if (kind is FaultKind.DropReply or FaultKind.DropRequest or FaultKind.HoldBack)
                connection.Cut();
            fault?.OnHit(() => DeliverLate(connection, request));
        }
    }

    private void ReplyNow(ScriptedConnection connection, ScriptedRequest request)
    {
        var reply = Execute(connection, request);
        connection.Reply(request, tree.Zxid, reply);
    }

    private bool IsBehind(
        ScriptedConnection connection, ScriptedRequest request, [NotNullWhen(true)] out ScriptedTree? past)
    {
        if (request.IsWrite || request.HasBarrier || request.Op == OpCode.Sync)
            pasts.Remove(connection.SessionId);
        return pasts.TryGetValue(connection.SessionId, out past);
    }

    private ScriptedReply Execute(ScriptedConnection connection, ScriptedRequest request)
    {
        if (request.Op == OpCode.Once && Remembered(connection, request) is { } first)
            return first;
        if (request.IsWrite)
            tree.Zxid++;
        var reply = ScriptedOperations.Run(tree, connection, request, Features);
        if (request.Op == OpCode.Once)
            sessions[connection.SessionId].Once[request.Once.Number] = reply;
        FireWatches();
        if (request.Op == OpCode.CloseSession)
            EndSession(connection);
        return reply;
    }

    /// <summary>The first reply, or that it is not known any more (docs/internals/extensions.md, dedupe).</summary>
    private ScriptedReply? Remembered(ScriptedConnection connection, ScriptedRequest request)
    {
        var session = sessions[connection.SessionId];
        var (number, acknowledged) = request.Once;
        foreach (var forgotten in session.Once.Keys.Where(key => key <= acknowledged || ForgetsReplies).ToList())
            session.Once.Remove(forgotten);
        if (session.Once.TryGetValue(number, out var reply))
            return reply;
        if (number <= session.LastOnce)
            return new ScriptedReply(ErrorCode.BadArguments);
        session.LastOnce = number;
        return null;
    }

    private void EndSession(ScriptedConnection connection)
    {
        sessions.Remove(connection.SessionId);
        foreach (var path in tree.OwnedBy(connection.SessionId))
            tree.Delete(path, -1);
        FireWatches();
    }

    private void DeliverLate(ScriptedConnection old, ScriptedRequest request)
    {
        lock (gate)
        {
            // The leader refuses what is left of a connection once the session was taken up elsewhere, or is over.
            if (sessions.TryGetValue(old.SessionId, out var session) && session.Attachment == old.Attachment)
                Execute(old, request);
        }
    }

    private Fault? TakeFault(ScriptedRequest request)
    {
        var fault = faults.FirstOrDefault(fault =>
            (fault.Op == request.Op || fault.Op == request.Kind) && fault.Hits(request.Path));
        if (fault is not null)
            faults.Remove(fault);
        return fault;
    }

    private void FireWatches()
    {
        foreach (var (type, path) in tree.Changes)
        {
            foreach (var connection in connections)
                connection.Fire(type, path, tree.Zxid);
        }

        tree.Changes.Clear();
    }
}
