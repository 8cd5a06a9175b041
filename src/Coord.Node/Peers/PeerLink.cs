using System.Diagnostics;
using Coord.Node.Hosting;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// What both directions to one peer share: the queue to its sender, the receiver that counts, and what is known of
/// the
/// peer's process. Connections are ordered by the peer's start number and link session; a newer one replaces an older
/// (raft-design I4).
/// </summary>
internal sealed class PeerLink(ClusterNode peer, NodeLimits limits, ILogger logger)
{
    private readonly object gate = new();
    private volatile IReplicaInbox? inbox;
    private PeerReceiver? receiver;
    private long startNumber;
    private long incomingSession;
    private bool wasGone = true;
    private string lastTrouble = "";
    private long troubleSince;
    private bool isTroubleTold;

    public ClusterNode Peer { get; } = peer;

    public PeerOutbox Outbox { get; } = new(limits);

    /// <summary>Set when the incoming connection ended: the outgoing one may be dead as well.</summary>
    public volatile bool IsSuspect;

    /// <summary>The replica runs: what happens here is told to it.</summary>
    public void Begin(IReplicaInbox replica)
    {
        lock (gate)
            inbox = replica;
    }

    /// <summary>Queues a message, or drops it and says so once. Any thread.</summary>
    public void Send(PeerMessage message)
    {
        if (!Outbox.TryAdd(message, out var isNews) && isNews)
            inbox!.Post(new PeerMessageDropped(Peer.Id));
    }

    /// <summary>The outgoing connection's handshake succeeded.</summary>
    public void Up(PeerHello mine, PeerHello theirs)
    {
        lock (gate)
        {
            NoteProcess(theirs.StartNumber);
            Outbox.Open();
            var leader = theirs.KnownLeader.Value == 0 ? (NodeId?)null : theirs.KnownLeader;
            inbox!.Post(new PeerUp(Peer.Id, mine.LinkSession, theirs.StartNumber, theirs.IsRecovering, leader));
            lastTrouble = "";
        }

        PeerLog.Up(logger, Peer.Id.Value, Peer.Peer);
    }

    /// <summary>The outgoing connection ended.</summary>
    public void Down(string reason)
    {
        lock (gate)
        {
            Outbox.Close();
            inbox!.Post(new PeerDown(Peer.Id));
        }

        PeerLog.Down(logger, Peer.Id.Value, reason);
    }

    /// <summary>
    /// The peer's host refused a connection: no process listens there. What ran there before has ended (raft-design
    /// E18).
    /// </summary>
    public void Refused()
    {
        lock (gate)
        {
            if (wasGone)
                return;
            wasGone = true;
            inbox?.Post(new PeerProcessGone(Peer.Id));
        }

        PeerLog.Gone(logger, Peer.Id.Value, Peer.Peer);
    }

    /// <summary>
    /// Takes an incoming connection in place of an older one; false when it is the older one itself.
    /// </summary>
    public bool TryReceive(PeerReceiver newer, PeerHello theirs)
    {
        PeerReceiver? older;
        lock (gate)
        {
            if (theirs.StartNumber < startNumber
                || (theirs.StartNumber == startNumber && theirs.LinkSession <= incomingSession))
                return false;
            NoteProcess(theirs.StartNumber);
            incomingSession = theirs.LinkSession;
            older = receiver;
            receiver = newer;
        }

        older?.Close();
        return true;
    }

    /// <summary>
    /// Hands a message to the replica, unless its connection was replaced: the check and the post are one step, so no
    /// message of an older process arrives behind the news of a newer one (raft-design R17).
    /// </summary>
    public bool TryDeliver(PeerReceiver from, long linkSession, PeerMessage message)
    {
        lock (gate)
        {
            if (receiver != from)
                return false;
            inbox!.Post(new FromPeer(Peer.Id, linkSession, message));
            return true;
        }
    }

    /// <summary>
    /// An incoming connection ended. Both are checked at once: a killed leader must not be noticed late.
    /// </summary>
    public void ReceiverEnded(PeerReceiver ended)
    {
        lock (gate)
        {
            if (receiver != ended)
                return;
            receiver = null;
        }

        IsSuspect = true;
        Outbox.Wake();
    }

    /// <summary>Logs what is wrong with the peer or between the two, once for as long as it stays the same.</summary>
    public void Trouble(string what)
    {
        lock (gate)
        {
            if (lastTrouble == what && isTroubleTold)
                return;
            lastTrouble = what;
            isTroubleTold = true;
        }

        PeerLog.Trouble(logger, Peer.Id.Value, Peer.Peer, what);
    }

    /// <summary>
    /// The peer cannot be reached. Logged when it stays so for a while: nodes start and restart one after the other.
    /// </summary>
    public void Unreachable(string what)
    {
        lock (gate)
        {
            if (lastTrouble != what)
                (lastTrouble, troubleSince, isTroubleTold) = (what, Stopwatch.GetTimestamp(), false);
            if (isTroubleTold || Stopwatch.GetElapsedTime(troubleSince) < limits.PeerSilenceTolerated)
                return;
            isTroubleTold = true;
        }

        PeerLog.Trouble(logger, Peer.Id.Value, Peer.Peer, what);
    }

    /// <summary>Ends the receiver; the sender ends by itself.</summary>
    public void Stop()
    {
        PeerReceiver? last;
        lock (gate)
        {
            last = receiver;
            receiver = null;
        }

        last?.Close();
        Outbox.Wake();
    }

    // Under the gate.
    private void NoteProcess(long start)
    {
        // raft-design E18: another start number proves that the process before it has ended.
        if (startNumber != 0 && start > startNumber && !wasGone)
            inbox?.Post(new PeerProcessGone(Peer.Id));
        if (start > startNumber)
            incomingSession = 0;
        startNumber = Math.Max(startNumber, start);
        wasGone = false;
    }
}
