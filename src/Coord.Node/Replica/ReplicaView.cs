using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// What the parts of the replica need to know in a turn: who leads, who is linked, what time it is. Written by
/// <see cref="Replica"/> alone.
/// </summary>
internal sealed class ReplicaView(NodeId self, long processStart)
{
    private readonly HashSet<int> linked = [];
    private long nextProposalToken = 1;

    public NodeId Self { get; } = self;

    /// <summary>Counts this node's process starts: part of every origin (raft-design I9).</summary>
    public long ProcessStart { get; } = processStart;

    public RaftRole Role { get; private set; } = RaftRole.Follower;

    public Term Term { get; private set; }

    public NodeId? Leader { get; private set; }

    public bool IsLeader => Role == RaftRole.Leader;

    /// <summary>Monotonic milliseconds at the start of the turn: session timers and waits.</summary>
    public long NowMs { get; private set; }

    /// <summary>Wall clock in Unix milliseconds: only ctime, mtime and TTLs.</summary>
    public long WallClockMs { get; private set; }

    /// <summary>Since when no leader is known, in monotonic milliseconds; null while one is.</summary>
    public long? LeaderlessSinceMs { get; private set; } = 0;

    /// <summary>Which data directory this is (raft-design I3).</summary>
    public UInt128 Incarnation { get; init; }

    /// <summary>
    /// This node applied its own removal: it serves nobody, and sessions live on elsewhere (design.md section 10).
    /// </summary>
    public bool IsRemoved => RemovedBecause is not null;

    /// <summary>Which entry took this node out; null when none did, or it was let in again.</summary>
    public string? RemovedBecause { get; set; }

    /// <summary>Why this node counts for nothing yet (raft-design P30); null when it counts.</summary>
    public string? RecoveringBecause { get; set; }

    /// <summary>Whether a membership has this node, with this data directory.</summary>
    public bool IsIn(Membership membership) =>
        membership.Contains(Self)
        && MemberDirectory.TryDecode(membership.Directory, out var directory)
        && directory.Find(Self)?.Incarnation == Incarnation;

    public bool IsLinked(NodeId peer) => linked.Contains(peer.Value);

    public void BeginTurn(long nowMs, long wallClockMs)
    {
        NowMs = nowMs;
        WallClockMs = wallClockMs;
    }

    public void Linked(NodeId peer, bool isUp)
    {
        if (isUp)
            linked.Add(peer.Value);
        else
            linked.Remove(peer.Value);
    }

    /// <summary>Takes the core's new status. True when the leader or the term is another one than before.</summary>
    public bool Update(RaftStatus status)
    {
        var isChanged = status.Term != Term || status.Leader != Leader || status.Role != Role;
        (Role, Term, Leader) = (status.Role, status.Term, status.Leader);
        if (Leader is not null)
            LeaderlessSinceMs = null;
        else
            LeaderlessSinceMs ??= NowMs;
        return isChanged;
    }

    /// <summary>No leader is known, and none was for so long.</summary>
    public bool IsLeaderlessFor(TimeSpan time) =>
        LeaderlessSinceMs is { } since && NowMs - since >= time.TotalMilliseconds;

    /// <summary>Takes tokens for a batch of proposals.</summary>
    public long NextProposalToken(int count)
    {
        var first = nextProposalToken;
        nextProposalToken += count;
        return first;
    }
}
