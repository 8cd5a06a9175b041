namespace Coord.Raft;


/// <summary>
/// Everything that must happen outside after one turn. Valid until the next <see cref="RaftCore.TakeReady"/>: its
/// lists
/// are reused. What the lists hold (messages, the append, entry arrays inside them) is never touched again by the
/// core
/// and may be queued for other threads (raft-design K1).
/// </summary>
public sealed class RaftReady
{
    internal readonly List<OutboundMessage> MessageList = [];
    internal readonly List<OutboundMessage> AfterPersistList = [];
    internal readonly List<Entry> CommittedList = [];
    internal readonly List<FetchEntries> FetchList = [];
    internal readonly List<SendSnapshot> SendSnapshotList = [];
    internal readonly List<ReadState> ReadStateList = [];
    internal readonly List<Rejection> RejectionList = [];
    internal readonly List<ChangeRefusal> ChangeRefusalList = [];

    internal RaftReady()
    {
    }

    /// <summary>Send now, in this order per peer. Loss is allowed.</summary>
    public IReadOnlyList<OutboundMessage> Messages => MessageList;

    /// <summary>What to append to the log, or null. Queue it before the messages that depend on it.</summary>
    public LogAppend? Append { get; internal set; }

    /// <summary>Send when <see cref="MessagesAfterSequence"/> is durable (raft-design K7).</summary>
    public IReadOnlyList<OutboundMessage> MessagesAfterPersist => AfterPersistList;

    /// <summary>
    /// The append that <see cref="MessagesAfterPersist"/> wait for; it may be one of an earlier turn.
    /// </summary>
    public long MessagesAfterSequence { get; internal set; }

    /// <summary>
    /// Entries to apply, in order, durable here and committed (raft-design C6). The list is reused: apply before the
    /// next turn, or copy. Entries of kind <see cref="EntryKind.Empty"/> are among them.
    /// </summary>
    public IReadOnlyList<Entry> Committed => CommittedList;

    /// <summary>A snapshot to install, or null.</summary>
    public InstallSnapshot? InstallSnapshot { get; internal set; }

    /// <summary>Entries to read from disk, for slow peers or for applying after a restart.</summary>
    public IReadOnlyList<FetchEntries> FetchEntries => FetchList;

    /// <summary>Snapshots to send.</summary>
    public IReadOnlyList<SendSnapshot> SendSnapshot => SendSnapshotList;

    /// <summary>Barriers that passed.</summary>
    public IReadOnlyList<ReadState> ReadStates => ReadStateList;

    /// <summary>Proposals and barriers that ended without success.</summary>
    public IReadOnlyList<Rejection> Rejected => RejectionList;

    /// <summary>Changes of the membership that were not begun.</summary>
    public IReadOnlyList<ChangeRefusal> ChangesRefused => ChangeRefusalList;

    /// <summary>The last transfer asked for in this turn, if it was not begun; else null.</summary>
    public TransferRefusal? TransferRefused { get; internal set; }

    /// <summary>The status, if role, term, leader, transfer or feature level changed in this turn; else null.</summary>
    public RaftStatus? StatusIfChanged { get; internal set; }

    /// <summary>
    /// The membership in force, if it changed in this turn by an append, a truncation or an installed snapshot; else
    /// null. Not necessarily committed.
    /// </summary>
    public Membership? MembershipIfChanged { get; internal set; }

    /// <summary>
    /// This node has again all that it may have promised (raft-design P30): clear the durable flag, then answer
    /// <see cref="Recovered"/> and link anew to everybody.
    /// </summary>
    public bool RecoveryEnded { get; internal set; }

    /// <summary>
    /// True while more is waiting than one turn hands out: take another turn without waiting for an input.
    /// </summary>
    public bool HasMore { get; internal set; }
}
