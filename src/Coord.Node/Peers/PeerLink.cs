using System.Diagnostics;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// What both directions to one peer share: the queue to its sender, the receiver that counts, and what is known of
/// the peer's process. Connections are ordered by the peer's start number and link session; a newer one replaces an
/// older (raft-design I4). A peer on another data directory is another peer, with another link.
/// </summary>
internal sealed class PeerLink(Member peer, PeerSelf self, NodeLimits limits, ILogger logger)
{
    private readonly object gate = new();
    private volatile Member peer = peer;
    private PeerReceiver? receiver;
    private long startNumber;
    private long incomingSession;
    private bool isUp;
    private bool isEnded;
    private long unlistedSince;
    private bool wasGone = true;
    private string lastTrouble = "";
    private long troubleSince;
    private bool isTroubleTold;

    public Member Peer => peer;

    public PeerOutbox Outbox { get; } = new(limits);

    /// <summary>Set when the incoming connection ended: the outgoing one may be dead as well.</summary>
    public volatile bool IsSuspect;

    /// <summary>
    /// Set when this node has something new to say in a handshake: the outgoing connection is made anew.
    /// </summary>
    public volatile bool IsStale;

    /// <summary>
    /// The link was ended, or is to end: its peer is no member and has not come back (raft-design M11).
    /// </summary>
    public bool IsOver
    {
        get
        {
            lock (gate)
            {
                return isEnded || (unlistedSince != 0 && receiver is null
                    && Stopwatch.GetElapsedTime(unlistedSince) >= limits.PeerLinkGrace);
            }
        }
    }

    /// <summary>The peer is a member, at this address.</summary>
    public void List(Member member)
    {
        lock (gate)
        {
            peer = member;
            unlistedSince = 0;
        }
    }

    /// <summary>
    /// The peer is no member. A connection from it keeps the link: it may be a member that this node has not heard of
    /// (raft-design M12).
    /// </summary>
    public void Unlist()
    {
        lock (gate)
        {
            if (unlistedSince == 0)
                unlistedSince = Stopwatch.GetTimestamp();
        }

        Outbox.Wake();
    }

    /// <summary>The peer greeted from here: a link that no membership lists goes where the peer says.</summary>
    public void Greeted(Member node)
    {
        lock (gate)
        {
            if (unlistedSince != 0)
                peer = node;
        }
    }

    /// <summary>Queues a message, or drops it and says so once. Any thread.</summary>
    public void Send(PeerMessage message)
    {
        if (!Outbox.TryAdd(message, out var isNews) && isNews)
            self.Inbox!.Post(new PeerMessageDropped(Peer.Id));
    }

    /// <summary>The outgoing connection's handshake succeeded; false when the link has ended meanwhile.</summary>
    public bool Up(PeerHello mine, PeerHello theirs, SendAtOnce? atOnce)
    {
        lock (gate)
        {
            if (isEnded)
                return false;
            isUp = true;
            NoteProcess(theirs.StartNumber);
            Outbox.Open(atOnce);
            var leader = theirs.KnownLeader.Value == 0 ? (NodeId?)null : theirs.KnownLeader;
            self.Inbox!.Post(
                new PeerUp(Peer.Id, mine.LinkSession, theirs.StartNumber, theirs.IsRecovering, leader)
                {
                    FeatureLevelMax = theirs.FeatureLevelMax,
                });
            lastTrouble = "";
        }

        PeerLog.Up(logger, Peer.Id.Value, Peer.Peer);
        return true;
    }

    /// <summary>The outgoing connection ended.</summary>
    public void Down(string reason)
    {
        lock (gate)
            CloseOutgoing();
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
            self.Inbox?.Post(new PeerProcessGone(Peer.Id));
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
            if (isEnded || theirs.StartNumber < startNumber
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
    /// message of an older process arrives behind the news of a newer one (raft-design R17). What was delivered is
    /// followed by <see cref="TakeTurn"/>.
    /// </summary>
    public bool TryDeliver(PeerReceiver from, long linkSession, PeerMessage message)
    {
        lock (gate)
        {
            if (receiver != from)
                return false;
            self.Inbox!.Leave(new FromPeer(Peer.Id, linkSession, message));
            return true;
        }
    }

    /// <summary>All of a receive was delivered: its thread takes the replica's turn, if nobody does.</summary>
    public void TakeTurn() => self.Inbox?.TakeTurn();

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

    /// <summary>
    /// Makes both directions anew: what this node says in handshakes has changed (raft-design P30). The peer, too,
    /// dials again when the connection that it made ends.
    /// </summary>
    public void Reconnect()
    {
        PeerReceiver? closing;
        lock (gate)
            closing = receiver;
        IsStale = true;
        closing?.Close();
        Outbox.Wake();
    }

    /// <summary>
    /// Ends both directions for good, and says so in the same step: no news of this link comes behind that of the
    /// next.
    /// </summary>
    public void End()
    {
        PeerReceiver? last;
        lock (gate)
        {
            isEnded = true;
            CloseOutgoing();
            last = receiver;
            receiver = null;
        }

        last?.Close();
        Outbox.Wake();
    }

    // Under the gate.
    private void CloseOutgoing()
    {
        if (!isUp)
            return;
        isUp = false;
        Outbox.Close();
        self.Inbox!.Post(new PeerDown(Peer.Id));
    }

    // Under the gate.
    private void NoteProcess(long start)
    {
        // raft-design E18: another start number proves that the process before it has ended.
        if (startNumber != 0 && start > startNumber && !wasGone)
            self.Inbox?.Post(new PeerProcessGone(Peer.Id));
        if (start > startNumber)
            incomingSession = 0;
        startNumber = Math.Max(startNumber, start);
        wasGone = false;
    }
}
