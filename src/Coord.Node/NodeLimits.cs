using Coord.StateMachine;

namespace Coord.Node;

/// <summary>
/// Every limit of a node, with its unit in its name and the reason for its default. Queues, buffers, frames,
/// windows and
/// waits of the node take their bounds from here and from nowhere else.
/// </summary>
internal sealed record NodeLimits
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    /// <summary>The defaults below.</summary>
    public static NodeLimits Default { get; } = new();

    // ---- Time -----------------------------------------------------------------------------------------------------

    /// <summary>The replica's tick. One heartbeat is five of them, an election minimum fifty (raft-design 4).</summary>
    public TimeSpan ReplicaTick { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Turns of the replica that a thread takes in a row when it brings work and the loop's own sleeps; more are that
    /// one's. 0: the loop's thread takes all, as for a measurement by threads.
    /// </summary>
    public int TurnsInRowMax { get; init; } = 3;

    /// <summary>
    /// Entries of the log that wait to be applied, above which the loop's own thread takes all turns: by then large
    /// batches save more than a wake-up costs.
    /// </summary>
    public int TurnsSharedEntriesMax { get; init; } = 64;

    /// <summary>ZooKeeper's tickTime: most deployments and test harnesses assume 2 s.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Shortest session timeout granted; zero stands for two ticks, as in ZooKeeper.</summary>
    public TimeSpan SessionTimeoutMin { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest session timeout granted; ZooKeeper's default is twenty ticks.</summary>
    public TimeSpan SessionTimeoutMax { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// A connection that has not finished its handshake by then is closed: it may cost no more than a socket.
    /// </summary>
    public TimeSpan ClientHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What a closed connection was sent before must be read by then: who does not read keeps no memory.
    /// </summary>
    public TimeSpan ClientLingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From one look at the files of certificates to the next: a renewal is made days before it is needed.
    /// </summary>
    public TimeSpan CertificatePollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Entries forwarded to a leader, and contact reports, are sent again after so long without progress: twice a bad
    /// flush and a round trip (raft-design I9).
    /// </summary>
    public TimeSpan ForwardRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopping node waits for answers under way before it closes the connections.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    // ---- Election and leadership (ticks of the replica)
    // -------------------------------------------------------------

    /// <summary>Heartbeat interval in ticks (raft-design 4).</summary>
    public int HeartbeatTicks { get; init; } = 5;

    /// <summary>Election minimum T in ticks: at least ten heartbeats, far above a bad flush (raft-design 4).</summary>
    public int ElectionTicks { get; init; } = 50;

    /// <summary>Age of the oldest unflushed append at which a node warns (raft-design 4: 1 s).</summary>
    public TimeSpan FlushWarning { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A log that has not flushed for so long stops the process (raft-design E16).</summary>
    public TimeSpan FlushStop { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether clients that may write <c>/zookeeper/config</c> may change the membership (zookeeper-protocol 11).
    /// </summary>
    public bool ReconfigEnabled { get; init; } = true;

    /// <summary>
    /// Whether a node that knows no leader serves reads to clients that ask for it (zookeeper-protocol 7.5).
    /// </summary>
    public bool ReadOnlyMode { get; init; }

    /// <summary>ACLs are kept and shown but forbid nothing: ZooKeeper's skipACL, to move or mend a tree.</summary>
    public bool SkipAcl { get; init; }

    /// <summary>What a leader with these settings writes into entries for apply to go by.</summary>
    public EntryFlags EntryFlags =>
        (SkipAcl ? EntryFlags.SkipAcl : EntryFlags.None) | (EnforceQuota ? EntryFlags.EnforceQuota : EntryFlags.None);

    /// <summary>
    /// Whether a leader may answer barriers by its lease instead of asking a quorum (raft-design Q10 to Q13). Off: it
    /// rests on clocks that virtual machines do not keep, and costs the fast failover of E18.
    /// </summary>
    public bool LeaderLeases { get; init; }

    /// <summary>After so long behind, a learner that is to vote is worth a warning.</summary>
    public TimeSpan LearnerPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A change of the membership that is not complete by then is reported as unknown; what it began goes on. A large
    /// state takes minutes to reach a newcomer.
    /// </summary>
    public TimeSpan MembershipChangeTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A change that would leave no quorum at hand is refused only after so long (raft-design M8): a node that was
    /// silent for the election minimum may have paused, and an operator can wait this long for a refusal.
    /// </summary>
    public TimeSpan ReachPatience { get; init; } = TimeSpan.FromSeconds(2);

    // ---- Client connections
    // -----------------------------------------------------------------------------------------

    /// <summary>Longest client frame, and so the longest entry: ZooKeeper's jute.maxbuffer.</summary>
    public int ClientFrameBytesMax { get; init; } = 1_048_575;

    /// <summary>
    /// Upper bound of the setting above: what every node of a cluster accepts from its peers whatever it is set to.
    /// </summary>
    public int ClientFrameBytesCeiling { get; init; } = 16 * MiB;

    /// <summary>
    /// Longest entry that any node's settings allow, with room for its header: every node of a cluster takes it.
    /// </summary>
    public int EntryBytesMax => ClientFrameBytesCeiling + (64 * KiB);

    /// <summary>
    /// Longest reply; above it the request is answered with -5 and sets no watch (design, section 10).
    /// </summary>
    public int ReplyBytesMax { get; init; } = 16 * MiB;

    /// <summary>
    /// A connection that does not read is closed when so much waits for it: events are never dropped.
    /// </summary>
    public int ClientOutboundBytesMax { get; init; } = 16 * MiB;

    /// <summary>
    /// Memory of all connections' bytes that are not handled or not read yet. Above it those are cut off who do not
    /// read, or do not send the rest of a request: thirty-two of the former at their own limit.
    /// </summary>
    public long ClientMemoryMax { get; init; } = 512L * MiB;

    /// <summary>For whom less than this waits is not cut off for it: there is little to win.</summary>
    public int ClientWaitingBytesLeast { get; init; } = 64 * KiB;

    /// <summary>What a connection's socket reads ahead. Modest, since 55,000 connections may be open.</summary>
    public int ClientReadBufferBytes { get; init; } = 64 * KiB;

    /// <summary>
    /// Connections that begin, and that end, before the thread pool has come round: each takes it some 50 µs, in
    /// several steps, and others wait behind them.
    /// </summary>
    public int ConnectionsPerRoundMax { get; init; } = 16;

    /// <summary>Blocks of 4 KiB that connections gave back and that are kept for the next: 16 MiB.</summary>
    public int ConnectionBlocksKeptMax { get; init; } = 4_096;

    /// <summary>
    /// Requests of one connection under way; its socket is not read above it. ZooKeeper's globalOutstandingLimit.
    /// </summary>
    public int ClientOutstandingRequestsMax { get; init; } = 1_000;

    /// <summary>
    /// Request bytes of one connection under way: two of the longest frames, so that one never waits for itself.
    /// </summary>
    public int ClientOutstandingBytesMax { get; init; } = 2 * MiB;

    /// <summary>
    /// Bytes of a connection's identities, encoded: they travel in each of its entries, in the room that an entry has
    /// beside its frame. Some 90 users by digest.
    /// </summary>
    public int ClientIdentitiesBytesMax { get; init; } = 4 * KiB;

    /// <summary>Whether who connects and who changes ACLs, quotas and members is written down.</summary>
    public bool AuditEnable { get; init; }

    /// <summary>Lines of the audit log that wait to be written: a fleet that reconnects at once, and some.</summary>
    public int AuditQueueMax { get; init; } = 65_536;

    /// <summary>Their bytes, before they are made into text: ordinary lines take some hundred each.</summary>
    public long AuditQueueBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Characters of log lines that wait for a slow disk or pipe: hours of a node's ordinary lines, or some ten
    /// thousand of the audit log.
    /// </summary>
    public int LogCharactersMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Connections of one node: what memory for idle ones allows; the process's file limit may be lower.
    /// </summary>
    public int ClientConnectionsMax { get; init; } = 60_000;

    /// <summary>
    /// Connections from one address, 0 for no limit: maxClientCnxns closes silently and looks like a broken
    /// network.
    /// </summary>
    public int ClientConnectionsPerAddressMax { get; init; }

    /// <summary>
    /// Watches that one connection may have set; above it what would set another is answered with -5. ZooKeeper has no
    /// such limit: ten times what its largest users set, and some 75 MB of this node's memory.
    /// </summary>
    public int ClientWatchesMax { get; init; } = 500_000;

    /// <summary>Bytes of their paths, each counted for every watch on it: paths may be as long as a frame.</summary>
    public long ClientWatchPathBytesMax { get; init; } = 64L * MiB;

    /// <summary>
    /// Watches of all connections together; above it what would set another is answered with -5. Some 1.1 GB of this
    /// node's memory.
    /// </summary>
    public int WatchesMax { get; init; } = 10_000_000;

    /// <summary>
    /// Connections accepted by the kernel ahead of the process: a whole fleet reconnects at once after a failover.
    /// </summary>
    public int ListenBacklog { get; init; } = 4_096;

    // ---- Replica
    // ----------------------------------------------------------------------------------------------------

    /// <summary>
    /// Request bytes of all connections under way; above it a connection is read only while nothing of it is under
    /// way. Bounds memory when frames are large, and with it what one turn of the replica takes in (raft-design A5).
    /// </summary>
    public long ClientRequestBytesMax { get; init; } = 128L * MiB;

    /// <summary>
    /// Connections that were told of events and whose sends are not taken up yet; the others wait, or are told ahead of
    /// a reply. Each takes a block of memory and a send, some 13 µs, however many its events: others wait two
    /// milliseconds for so many.
    /// </summary>
    public int EventSendsUnderWayMax { get; init; } = 128;

    /// <summary>
    /// Watches of clients that come back that one turn sets, and of clients that are gone that it forgets: one to two
    /// milliseconds of each, so that a fleet that reconnects holds nobody up.
    /// </summary>
    public int WatchesPerTurnMax { get; init; } = 2_048;

    /// <summary>
    /// Changes that a node keeps for watches of clients whose connection was gone for a moment, at least; twice as many
    /// at most. Who missed more is not told of them (docs/internals/extensions.md, watch-from).
    /// </summary>
    public int WatchHistoryChanges { get; init; } = 8_192;

    /// <summary>Of these, what one client sets before the next has its share.</summary>
    public int WatchesPerShareMax { get; init; } = 256;

    /// <summary>Entries applied by one turn; the rest is carried over (raft-design A6).</summary>
    public int TurnAppliesMax { get; init; } = 8_192;

    /// <summary>Entries of one origin that are proposed and not yet applied (raft-design R19, I9).</summary>
    public int OriginWindowEntriesMax { get; init; } = 65_536;

    /// <summary>Bytes of one origin's entries that are proposed and not yet applied.</summary>
    public long OriginWindowBytesMax { get; init; } = 32L * MiB;

    /// <summary>Read barriers waiting at once (raft-design 4).</summary>
    public int PendingBarriersMax { get; init; } = 65_536;

    /// <summary>Expired sessions ended in one turn: the end of many is spread over turns (design, section 5).</summary>
    public int ExpiriesPerTurnMax { get; init; } = 256;

    /// <summary>
    /// Ephemerals that go with them, one to two milliseconds of every node; one session, whose end is one entry, may
    /// have more.
    /// </summary>
    public int ExpiredEphemeralsPerTurnMax { get; init; } = 1_024;

    /// <summary>
    /// Sessions' timers looked at in one turn, well under a millisecond: those of a fleet that came at once are due at
    /// once.
    /// </summary>
    public int ExpiryLooksPerTurnMax { get; init; } = 1_024;

    /// <summary>
    /// How often the leader looks for containers and znodes whose time is over; as long as in ZooKeeper, since a look
    /// at none costs nothing but a million of them cost 50 ms.
    /// </summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Znodes that sweeps delete in a minute: each is an entry, and clients come first.</summary>
    public int SweepsPerMinuteMax { get; init; } = 10_000;

    /// <summary>
    /// How long a container waits for its first child; zero for ever, as in ZooKeeper 3.9: 3.10's five minutes would
    /// take containers from clients that count on 3.9.
    /// </summary>
    public TimeSpan ContainerNeverUsedMax { get; init; }

    /// <summary>Znodes looked at by a sweep in one tick: well under a millisecond.</summary>
    public int SweepLooksPerTickMax { get; init; } = 2_000;

    /// <summary>
    /// Whether znodes may have a time to live. ZooKeeper's default is off, for logs of older versions that do not
    /// know them.
    /// </summary>
    public bool ExtendedTypesEnabled { get; init; } = true;

    /// <summary>Whether hard quotas refuse what exceeds them: off, as in ZooKeeper.</summary>
    public bool EnforceQuota { get; init; }

    /// <summary>From one warning of an exceeded quota to the next: a client may exceed it with every write.</summary>
    public TimeSpan QuotaWarningInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Paths that one listing of ephemerals or watches holds: some ten megabytes, and more than anybody reads.
    /// </summary>
    public int ReportedPathsMax { get; init; } = 100_000;

    // ---- Raft
    // -------------------------------------------------------------------------------------------------------

    /// <summary>Uncommitted bytes on a leader before proposals are refused (raft-design R20).</summary>
    public long UncommittedBytesMax { get; init; } = 64L * MiB;

    /// <summary>Uncommitted entries on a leader before proposals are refused (raft-design R20).</summary>
    public int UncommittedEntriesMax { get; init; } = 65_536;

    /// <summary>Entry bytes in one append message; one entry always goes out (raft-design R11).</summary>
    public int AppendBytesMax { get; init; } = 1 * MiB;

    /// <summary>Append messages in flight to one peer (raft-design R9, R10).</summary>
    public int InFlightMessagesMax { get; init; } = 8;

    /// <summary>Bytes in flight to one peer (raft-design R9).</summary>
    public int InFlightBytesMax { get; init; } = 8 * MiB;

    /// <summary>
    /// Recent entries held in memory for a peer that is behind; older ones are read from disk (raft-design K4). Twice
    /// what is in flight to a peer: what lives here is copied by each garbage collection, while everybody waits.
    /// </summary>
    public long LogWindowBytes { get; init; } = 16L * MiB;

    // ---- Peer links
    // ---------------------------------------------------------------------------------------------------

    /// <summary>
    /// Longest frame a peer may send: an append of the largest entry any setting allows, and room for headers.
    /// </summary>
    public int PeerFrameBytesMax { get; init; } = 16 * MiB + 1 * MiB + 64 * KiB;

    /// <summary>
    /// Messages waiting for one peer; above it they are dropped and the core is told (raft-design A5).
    /// </summary>
    public int PeerQueueMessagesMax { get; init; } = 4_096;

    /// <summary>
    /// Bytes waiting for one peer: four times the in-flight window, and always one message of any size.
    /// </summary>
    public long PeerQueueBytesMax { get; init; } = 32L * MiB;

    /// <summary>
    /// Messages to a peer that whoever has the turn, or writes the log, sends itself while its sender waits: as long
    /// as that takes no longer than to wake the sender.
    /// </summary>
    public int PeerSendAtOnceBytesMax { get; init; } = 4 * 1024;

    /// <summary>Bytes written by one send; what is queued beyond it goes with the next.</summary>
    public int PeerSendBytesMax { get; init; } = 1 * MiB;

    /// <summary>Bytes read from a peer's socket at once.</summary>
    public int PeerReceiveBytes { get; init; } = 256 * KiB;

    /// <summary>A peer that has not finished its handshake by then is disconnected.</summary>
    public TimeSpan PeerHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An attempt to reach a peer is given up by then: a host that swallows packets must not hold the link up.
    /// </summary>
    public TimeSpan PeerConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// First wait before a peer is dialled again: a leader that died is known to be gone by a refusal.
    /// </summary>
    public TimeSpan PeerBackoffMin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Longest wait before a peer is dialled again: short, since a returning peer is what a cluster waits for.
    /// </summary>
    public TimeSpan PeerBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A peer that cannot be reached is worth a line in the log after this.</summary>
    public TimeSpan PeerSilenceTolerated { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A send to a peer that is stuck for so long ends the link: the peer has no room and no life.</summary>
    public TimeSpan PeerSendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Incoming peer connections that have not finished their handshake: strangers may hold no more.</summary>
    public int PeerHandshakesMax { get; init; } = 64;

    /// <summary>
    /// A link to a node that is no member ends after so long: twice the election minimum, so that a removed node
    /// hears of it (raft-design M11).
    /// </summary>
    public TimeSpan PeerLinkGrace => 2 * ElectionTicks * ReplicaTick;

    /// <summary>Links to other nodes: the largest cluster twice, since all of it may be replaced.</summary>
    public int PeerLinksMax { get; init; } = 62;

    /// <summary>Nodes in one cluster.</summary>
    public int ClusterNodesMax { get; init; } = 31;

    // ---- Log and snapshots
    // --------------------------------------------------------------------------------------------

    /// <summary>Size of a log segment (raft-design 4).</summary>
    public int SegmentBytes { get; init; } = 64 * MiB;

    /// <summary>
    /// Size of the first segment of an empty log: small, so that a node starts fast (design, section 10).
    /// </summary>
    public int FirstSegmentBytes { get; init; } = 4 * MiB;

    /// <summary>Bytes written and flushed as one batch, so that a flush stays short (raft-design F26).</summary>
    public int LogBatchBytesMax { get; init; } = 4 * MiB;

    /// <summary>Zeros written by one step of preparing a segment ahead (raft-design P4).</summary>
    public int ZeroFillStepBytes { get; init; } = 256 * KiB;

    /// <summary>
    /// Bytes of a file in preparation (segment, snapshot) between two flushes. The disk serves the log's flush behind
    /// one of these: with 4 MiB its 99th percentile was 1.2 ms, with 256 KiB 0.3 ms.
    /// </summary>
    public int BackgroundFlushBytes { get; init; } = 256 * KiB;

    /// <summary>Log bytes read at once when a log is scanned at start: they fit a core's cache.</summary>
    public int LogScanBytes { get; init; } = 256 * KiB;

    /// <summary>Log bytes read at once when entries are fetched for a peer.</summary>
    public int LogReadBytes { get; init; } = 128 * KiB;

    /// <summary>Least log bytes since the last snapshot that start the next one (raft-design 4).</summary>
    public long SnapshotTriggerBytes { get; init; } = 128L * MiB;

    /// <summary>
    /// ... or this many times the last snapshot, if that is more: about a fifth of the disk's bandwidth.
    /// </summary>
    public int SnapshotTriggerFactor { get; init; } = 4;

    /// <summary>
    /// Least log bytes kept for slow followers when older segments go (raft-design 4, S5), and most of those that go
    /// that are kept to be used again.
    /// </summary>
    public long LogKeptBytes { get; init; } = 256L * MiB;

    /// <summary>
    /// Snapshot bytes written in a second: a snapshot is never urgent, and this leaves most of a disk to the log's
    /// flushes (raft-design S4).
    /// </summary>
    public int SnapshotBytesPerSecond { get; init; } = 32 * MiB;

    /// <summary>
    /// A snapshot for which there was no room is tried again after this: room is made by people (raft-design P40).
    /// </summary>
    public TimeSpan SnapshotRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Body bytes in one chunk of a snapshot, on disk and on the wire (raft-design 4).</summary>
    public int SnapshotChunkBytes { get; init; } = 1 * MiB;

    /// <summary>Znodes serialised in one step between turns: well under a millisecond.</summary>
    public int SnapshotStepZnodes { get; init; } = 2_000;

    /// <summary>Chunks sent and not yet acknowledged (raft-design S6: a small window).</summary>
    public int SnapshotChunksInFlightMax { get; init; } = 4;

    /// <summary>A snapshot transfer without progress is given up after this (raft-design S6).</summary>
    public TimeSpan SnapshotProgressTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that the scrubber reads in a second: under a hundredth of what any disk gives, and still 3 GiB an hour
    /// (raft-design P23).
    /// </summary>
    public int ScrubBytesPerSecond { get; init; } = 1 * MiB;

    /// <summary>Bytes read by one step of the scrubber: so short a read delays no flush noticeably.</summary>
    public int ScrubStepBytes { get; init; } = 256 * KiB;

    /// <summary>
    /// From the beginning of one pass of the scrubber to the next: sectors fail over weeks, so a day leaves another
    /// node's copy in place.
    /// </summary>
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Snapshots kept: the newest, and the one before it (raft-design S3).</summary>
    public int SnapshotsKept { get; init; } = 2;
}
