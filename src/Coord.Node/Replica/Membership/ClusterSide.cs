using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// All that the loop does about who belongs to the cluster: links to the members, changes and their requests,
/// administrators' orders, the feature level, and the end of this node's own recovery. The loop is its only caller.
/// </summary>
internal sealed class ClusterSide
{
    private readonly ReplicaView view;
    private readonly RaftCore core;
    private readonly ReplicaServices services;
    private readonly Reconfigs reconfigs;
    private readonly WaitingNodes waiting = new();
    private readonly MembershipDuties duties;
    private readonly Administration administration;
    private readonly LeaderReconfigs leaderReconfigs;
    private readonly FeatureLevelDuty levels;
    private bool isStorageFull;
    private bool isUndecidable;

    public ClusterSide(ReplicaView view, RaftCore core, ReplicaServices services, Reconfigs reconfigs)
    {
        this.view = view;
        this.core = core;
        this.services = services;
        this.reconfigs = reconfigs;
        duties = new MembershipDuties(view, core, services.Limits, services.Logger);
        administration = new Administration(view, core, duties, waiting, services.Limits);
        leaderReconfigs = new LeaderReconfigs(view, core, duties, waiting, services.Limits);
        levels = new FeatureLevelDuty(view, services.Limits.LeaderLeases ? FeatureLevels.Max : FeatureLevels.Min);
        MembershipChanged();
    }

    /// <summary>The active membership, as pages show it and handshakes tell it.</summary>
    public MembershipStatus Membership { get; private set; } = MembershipStatus.None;

    /// <summary>Takes in what concerns the cluster; false when it is something else.</summary>
    public bool TryTakeIn(ReplicaInput input)
    {
        switch (input)
        {
            case NodeIntroduced introduced:
                waiting.Introduced(introduced.Node, view.NowMs);
                return true;
            case AdminOrder order:
                administration.Take(order);
                return true;
            case LogDamaged damaged:
                // raft-design P22: it hands over, and begins again as recovering.
                services.Damaged(damaged.What);
                return true;
            case RecoveryCleared:
                MembershipTrace.Recovered(services.Logger);
                view.RecoveringBecause = null;
                NoteRemoval();
                core.Step(new Recovered());
                services.Links.Reconnect();
                return true;
            default:
                return false;
        }
    }

    /// <summary>A peer is linked: what its build knows counts for the feature level (raft-design I6).</summary>
    public void Linked(NodeId peer, int featureLevelMax) => levels.Linked(peer, featureLevelMax);

    /// <summary>A client of another node asks for a change, or a client of this one is answered.</summary>
    public void TakeIn(NodeId from, PeerMessage message, ZnodeTree tree)
    {
        switch (message)
        {
            case ReconfigForward forward:
                leaderReconfigs.Take(from, forward, tree, Answer);
                break;
            case ReconfigAnswer answer:
                reconfigs.Answered(answer);
                break;
        }
    }

    /// <summary>
    /// A node that was removed does not start on its directory again. While it recovers it does not know how far the
    /// past goes that it is told: what is still to come may let it in again, and it may end before that. Neither is it
    /// noted where the node's own log goes on to let it in again.
    /// </summary>
    public void NoteRemoval()
    {
        if (view.RecoveringBecause is not null || view.RemovedBecause is not { } why || view.IsIn(core.Membership))
            return;
        MembershipTrace.Removed(services.Logger);
        services.Background.MarkRemoved(why);
    }

    /// <summary>What the core says of the cluster in this turn.</summary>
    public void HandOut(RaftReady ready)
    {
        if (ready.MembershipIfChanged is not null)
        {
            MembershipChanged();
            NoteRemoval(); // What was to let it in again may have been replaced.
        }

        foreach (var refusal in ready.ChangesRefused)
            duties.Refused(refusal);
        if (ready.TransferRefused is { } refused)
            administration.Refused(refused);
        if (ready.RecoveryEnded)
            services.Background.ClearRecovering();
    }

    /// <summary>
    /// Why nothing can be decided, or null: who counts for nothing is told in the log once (raft-design P31), whose
    /// disks are full is told there by each of them (P40).
    /// </summary>
    public string? WhyUndecidable(RaftStatus status)
    {
        if (status.IsQuorumRecovering && !isUndecidable)
            MembershipTrace.MajorityRecovering(services.Logger, Describe(status.RecoveringVoters));
        isUndecidable = status.IsQuorumRecovering;
        if (isUndecidable)
        {
            return $"the disks of nodes {Describe(status.RecoveringVoters)} lost part of what they held, and without "
                + "them nothing can be decided: bring sound disks back, or found the cluster anew from the best data "
                + "directory (found-anew)";
        }

        return status.IsQuorumStorageFull
            ? "writes wait for room: the disks of so many nodes are full that no quorum can take more"
            : null;
    }

    /// <summary>Role, term or leader changed.</summary>
    public void LeaderChanged() => duties.Reset();

    public void Tick()
    {
        WatchRoom();
        duties.Tick();
        levels.Tick(core);
    }

    /// <summary>End of the turn: clients' requests go out, administrators hear of their transfers.</summary>
    public void EndTurn(ZnodeTree tree)
    {
        administration.Step();
        foreach (var request in reconfigs.TakeDue())
        {
            if (view.IsLeader)
                leaderReconfigs.Take(view.Self, request, tree, Answer);
            else if (view.Leader is { } leader)
                services.Links.Send(leader, request);
        }
    }

    private void Answer(NodeId to, ReconfigAnswer answer)
    {
        if (to == view.Self)
            reconfigs.Answered(answer);
        else
            services.Links.Send(to, answer);
    }

    // raft-design P40: told to the core as it changes; the log says it with hysteresis.
    private void WatchRoom()
    {
        if (services.Log.IsDiskFull == isStorageFull)
            return;
        isStorageFull = !isStorageFull;
        if (isStorageFull)
            MembershipTrace.StorageFull(services.Logger);
        else
            MembershipTrace.StorageHasRoom(services.Logger);
        core.Step(new DiskFull(isStorageFull));
    }

    private void MembershipChanged()
    {
        var membership = core.Membership;
        Invariant.Require(
            MemberDirectory.TryDecode(membership.Directory, out var directory), "A membership says where members are.");
        Member[] members = [.. directory.Members.Where(member => membership.Contains(member.Id))];
        services.Links.SetMembers(members);
        waiting.LetIn(members);
        Membership = new MembershipStatus
        {
            Index = membership.Index,
            Members = members,
            Voters = membership.Voters,
            OutgoingVoters = membership.OutgoingVoters,
            Learners = [.. membership.Learners.Union(membership.LearnersNext)],
            IsJoint = membership.IsJoint,
        };
        MembershipTrace.Changed(
            services.Logger,
            membership.Index.Value,
            Describe(membership),
            Describe(membership.Learners.Concat(membership.LearnersNext)));
    }

    private static string Describe(Membership membership) => membership.IsJoint
        ? $"{Describe(membership.OutgoingVoters)} and {Describe(membership.Voters)} together"
        : Describe(membership.Voters);

    private static string Describe(IEnumerable<NodeId> nodes) =>
        nodes.Any() ? string.Join(", ", nodes.Select(node => node.Value)) : "none";
}
