using System.Net;
using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Clients;

/// <summary>
/// What all connections of the client port share: where requests go, the limits, and what words answer.
/// </summary>
internal sealed class ClientPort(
    IReplicaInbox inbox, NodeLimits limits, ClientAccess access, ClientMetrics metrics, ILogger<ClientPort> logger)
    : IClientConnections
{
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private readonly HashSet<ClientConnection> open = [];
    private readonly Lock gate = new();
    private int connections;
    private int tlsHandshakes;
    private volatile bool takesSessions;
    private readonly PoolPace ends = new(limits.ConnectionsPerRoundMax);
    private volatile bool isEnding;

    public IReplicaInbox Inbox { get; } = inbox;

    public NodeLimits Limits { get; } = limits;

    /// <summary>Answers four-letter words. Set before the port is opened.</summary>
    public FourLetterWords? Words { get; set; }

    /// <summary>Whether there is a replica to hand requests to: before it, only words are answered.</summary>
    public bool TakesSessions
    {
        get => takesSessions;
        set => takesSessions = value;
    }

    public int Count
    {
        get
        {
            lock (gate)
                return connections;
        }
    }

    /// <summary>What all connections have under way together.</summary>
    public RequestBytes RequestBytes { get; } = new(limits.ClientRequestBytesMax);

    /// <summary>
    /// A connection was accepted. False: the node, or that address, has as many as it may, and it is closed at once.
    /// </summary>
    public bool TryOpen(IPAddress address)
    {
        lock (gate)
        {
            var here = byAddress.GetValueOrDefault(address);
            var isOverAddress =
                Limits.ClientConnectionsPerAddressMax > 0 && here >= Limits.ClientConnectionsPerAddressMax;
            if (!isOverAddress && connections < Limits.ClientConnectionsMax)
            {
                connections++;
                byAddress[address] = here + 1;
                return true;
            }
        }

        metrics.Rejected.AddShared();
        ClientLog.ConnectionRefused(
            logger, address, Limits.ClientConnectionsMax, Limits.ClientConnectionsPerAddressMax);
        return false;
    }

    /// <summary>A connection that was let in has ended.</summary>
    public void Closed(IPAddress address)
    {
        lock (gate)
        {
            connections--;
            var here = byAddress[address] - 1;
            if (here == 0)
                byAddress.Remove(address);
            else
                byAddress[address] = here;
        }
    }

    /// <summary>A connection is served from now on: <c>cons</c> and <c>stat</c> list it.</summary>
    public void Opened(ClientConnection connection)
    {
        lock (gate)
            open.Add(connection);
        if (isEnding)
            connection.End(); // It came behind the look of EndAll.
    }

    public void Left(ClientConnection connection)
    {
        lock (gate)
            open.Remove(connection);
    }

    public int TlsHandshakes => Volatile.Read(ref tlsHandshakes);

    public void TlsBegun() => Interlocked.Increment(ref tlsHandshakes);

    public void TlsEnded() => Interlocked.Decrement(ref tlsHandshakes);

    /// <summary>Counts a connection of which no certificate tells whose it is.</summary>
    public void CountUncertified(IPAddress address) =>
        (IPAddress.IsLoopback(address) ? metrics.PlainLocal : metrics.PlainRemote).AddShared();

    /// <summary>Adds what a client's certificate says: its subject, and whether that is the super user's.</summary>
    public byte[] WithCertificate(byte[] identities, string subject)
    {
        if (subject == access.X509SuperUser)
            identities = SessionIdentities.With(identities, SessionIdentities.Super, subject);
        return SessionIdentities.With(identities, SessionIdentities.X509, subject);
    }

    public void HandshakeTimedOut(string remoteAddress)
    {
        metrics.Sessionless.AddShared();
        ClientLog.HandshakeTimedOut(logger, remoteAddress, (int)Limits.ClientHandshakeTimeout.TotalSeconds);
    }

    public void HandshakeRefused(string remoteAddress, string why) =>
        ClientLog.HandshakeRefused(logger, remoteAddress, why);

    public void FrameRefused(string remoteAddress)
    {
        metrics.FramesRefused.AddShared();
        ClientLog.FrameRefused(logger, remoteAddress, Limits.ClientFrameBytesMax);
    }

    public IReadOnlyList<ConnectionStatus> List(object? asking = null) =>
        [.. Snapshot().Select(connection => connection.StatusFor(asking))];

    public void ResetCounters()
    {
        foreach (var connection in Snapshot())
            connection.ResetCounters();
    }

    public int Shed(double share)
    {
        var all = Snapshot().Where(connection => connection.HasSession).ToArray();
        Random.Shared.Shuffle(all);
        var ended = all[..(int)Math.Ceiling(share * all.Length)];
        foreach (var connection in ended)
            connection.End();
        return ended.Length;
    }

    /// <summary>
    /// The connections' memory is over its limit by so much: those of which most waits for their clients, to read or
    /// to send the rest, are cut off until it fits. Who reads and writes has little waiting for him, and stays.
    /// </summary>
    public void CutWaiting(long excessBytes)
    {
        var waiting = Snapshot().Select(connection => (Connection: connection, Bytes: connection.WaitingBytes))
            .Where(each => each.Bytes >= Limits.ClientWaitingBytesLeast).ToArray();
        var live = waiting.Where(each => !each.Connection.IsCut).OrderByDescending(each => each.Bytes).ToArray();

        // What connections hold that were cut is on its way back, also after they have left: it is nobody else's turn.
        excessBytes -= waiting.Where(each => each.Connection.IsCut).Sum(each => each.Bytes);
        excessBytes = Math.Min(excessBytes, live.Sum(each => each.Bytes) - Limits.ClientMemoryMax);
        foreach (var (connection, bytes) in live)
        {
            if (excessBytes <= 0)
                return;
            excessBytes -= bytes;
            ClientLog.WaitingCut(logger, connection.RemoteAddress, bytes, Limits.ClientMemoryMax);
            connection.Cut(bytes);
        }
    }

    /// <summary>
    /// Completes when a connection may be taken down: thousands end at once when a node or a network does.
    /// </summary>
    public Task EndAsync() => isEnding ? Task.CompletedTask : ends.EnterAsync();

    /// <summary>Ends all connections, also those that never got as far as a session.</summary>
    public void EndAll()
    {
        isEnding = true;
        foreach (var connection in Snapshot())
            connection.End();
    }

    private ClientConnection[] Snapshot()
    {
        lock (gate)
            return [.. open];
    }
}
