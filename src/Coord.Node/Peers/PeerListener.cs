using System.Net;
using System.Net.Sockets;
using Coord.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// Takes connections on the peer port. Each gets a thread of its own for the handshake and, when it is accepted, for
/// as long as it lasts; strangers can hold few, for a short time (NodeLimits).
/// </summary>
internal sealed class PeerListener : IDisposable
{
    private readonly Socket socket;
    private readonly PeerSelf self;
    private readonly Action<PeerHello, PeerHello> learn;
    private readonly PeerTable peers;
    private readonly Introductions introductions;
    private readonly NodeLimits limits;
    private readonly PeerTls? tls;
    private readonly ILogger logger;
    private int handshakes;
    private volatile ISnapshotTransfers? snapshots;

    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public PeerListener(
        IPEndPoint address,
        PeerSelf self,
        Action<PeerHello, PeerHello> learn,
        PeerTable peers,
        NodeLimits limits,
        PeerTls? tls,
        ILogger logger)
    {
        (this.self, this.learn, this.peers) = (self, learn, peers);
        (this.limits, this.tls, this.logger) = (limits, tls, logger);
        introductions = new Introductions(self, logger);
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(limits.PeerHandshakesMax);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IPEndPoint Address => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Takes the connections on which snapshots come; set before the replica runs.</summary>
    public ISnapshotTransfers? Snapshots
    {
        set => snapshots = value;
    }

    /// <summary>Accepts until disposed.</summary>
    public void Run()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = socket.Accept();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is not
                (SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument))
            {
                // A connection that was reset before it was accepted, or no file left for it: the next may do.
                PeerLog.Refused(logger, "unknown", failure.Message);
                Thread.Sleep(1);
                continue;
            }
            catch (SocketException)
            {
                return;
            }

            Begin(accepted);
        }
    }

    public void Dispose() => socket.Dispose();

    private void Begin(Socket accepted)
    {
        if (Interlocked.Increment(ref handshakes) > limits.PeerHandshakesMax)
        {
            Interlocked.Decrement(ref handshakes);
            accepted.Dispose();
            return;
        }

        NodeThread.Start("peer receiver", () => Serve(accepted));
    }

    private void Serve(Socket accepted)
    {
        var inHandshake = true;
        try
        {
            using var connection = new PeerSocket(accepted, limits);
            var remote = connection.Remote?.ToString() ?? "unknown";
            Action? run;
            using (EndInTime(connection))
                run = TryEncrypt(connection, remote) ? Answer(connection, remote) : null;
            Interlocked.Decrement(ref handshakes);
            inHandshake = false;
            run?.Invoke();
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // A stranger that fell silent, or a peer that left during the handshake: it may come again.
        }
        finally
        {
            if (inHandshake)
                Interlocked.Decrement(ref handshakes);
        }
    }

    // A limit for each receive alone would let a stranger hold its place by a byte now and then.
    private Timer EndInTime(PeerSocket connection) =>
        new(_ => connection.Close(), null, limits.PeerHandshakeTimeout, Timeout.InfiniteTimeSpan);

    /// <summary>False, and told, when there is no trust between the two sides (raft-design I5).</summary>
    private bool TryEncrypt(PeerSocket connection, string remote)
    {
        try
        {
            if (tls is not null)
                connection.Encrypt(tls.Answer);
            return true;
        }
        catch (SocketException failure)
        {
            PeerLog.Refused(logger, remote, failure.Message);
            return false;
        }
    }

    /// <summary>
    /// The handshake; gives what to do with the connection, or null when it is refused or done with.
    /// </summary>
    private Action? Answer(PeerSocket connection, string remote)
    {
        var frame = connection.ReceiveFrame(PeerHello.FrameBytesMax);
        if (frame is null || HelloCodec.ReadHello(frame) is not { } theirs)
        {
            PeerLog.Refused(logger, remote, "it does not greet like a node of a Coord cluster");
            return null;
        }

        if (connection.CertifiedNode is { } certified && certified != theirs.Node)
        {
            PeerLog.Refused(
                logger, remote,
                $"it says it is node {theirs.Node.Value}, its certificate is that of {certified.Value}");
            return null;
        }

        var takesLinks = self.TakesLinks; // Asked first: what is said of the replica must then be true.
        var mine = self.Greet(theirs.Node, theirs.Channel);
        var verdict = HandshakeRules.Check(mine, theirs);
        if (theirs.Channel == PeerChannel.Introduction)
            return Introduced(connection, verdict, mine, theirs, remote);
        if (verdict == PeerVerdict.Accepted && !takesLinks)
            verdict = PeerVerdict.NotReady;
        if (verdict != PeerVerdict.Accepted)
            return Refuse(connection, verdict, mine, theirs, remote);
        if (peers.Meet(theirs.Self) is not { } link)
            return Refuse(connection, PeerVerdict.Busy, mine, theirs, remote);
        return theirs.Channel == PeerChannel.Snapshot
            ? snapshots!.BeginReceive(connection, mine, theirs)
            : Link(connection, mine, theirs, link, remote);
    }

    private Action? Introduced(
        PeerSocket connection, PeerVerdict verdict, PeerHello mine, PeerHello theirs, string remote)
    {
        if (HandshakeRules.IsGenuine(verdict))
            learn(mine, theirs);
        if (mine.ClusterId == 0 || verdict is not (PeerVerdict.NotAMember or PeerVerdict.Incarnation))
        {
            return verdict == PeerVerdict.Accepted
                ? Reply(connection, verdict, mine)
                : Refuse(connection, verdict, mine, theirs, remote);
        }

        introductions.Take(theirs, HandshakeRules.Explain(verdict, mine, theirs));
        return Reply(connection, verdict, mine);
    }

    private Action? Link(PeerSocket connection, PeerHello mine, PeerHello theirs, PeerLink link, string remote)
    {
        var receiver = new PeerReceiver(connection, link, theirs, limits);
        if (!link.TryReceive(receiver, theirs))
            return Refuse(connection, PeerVerdict.OlderProcess, mine, theirs, remote);
        connection.SetReceiveTimeout(TimeSpan.Zero);

        // Greeted anew: a change between the first greeting and the line above closed no connection.
        Reply(connection, PeerVerdict.Accepted, self.Greet(theirs.Node, theirs.Channel));
        return receiver.Run;
    }

    private Action? Refuse(
        PeerSocket connection, PeerVerdict verdict, PeerHello mine, PeerHello theirs, string remote)
    {
        var reason = HandshakeRules.Explain(verdict, mine, theirs);
        if (peers.Find(theirs.Node) is not { } link)
            PeerLog.Refused(logger, remote, reason);
        else if (verdict != PeerVerdict.NotReady)
            link.Trouble(reason);
        return Reply(connection, verdict, mine);
    }

    private static Action? Reply(PeerSocket connection, PeerVerdict verdict, PeerHello mine)
    {
        connection.Send(HelloCodec.WriteAnswer(verdict, mine));
        return null;
    }
}
