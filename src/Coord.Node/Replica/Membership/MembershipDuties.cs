using Coord.Node.Members;
using Coord.Protocol;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>
/// What a leader does about the membership: takes one change at a time through its steps, and promotes learners that
/// have caught up (raft-design M5, M9).
/// </summary>
internal sealed class MembershipDuties(ReplicaView view, RaftCore core, NodeLimits limits, ILogger logger)
{
    private readonly LearnerPromotion promotion =
        new((long)limits.LearnerPatience.TotalMilliseconds, limits.ElectionTicks);


    private MembershipChange? current;
    private NodeId? promoting;
    private long nextToken = 1;
    private long askedToken;
    private int askedVoters;
    private long? outOfReachSinceMs;

    /// <summary>A change is under way: another one is refused.</summary>
    public bool IsBusy => current is not null;

    /// <summary>Begins a change; the caller saw that none is under way.</summary>
    public void Begin(MembershipChange change)
    {
        Invariant.Require(current is null, "One change of the membership is under way at a time.");
        current = change;
        askedToken = 0;
        outOfReachSinceMs = null;
        Step();
    }

    /// <summary>
    /// Role, term or leader changed: what was under way is out of sight, unless this is how it ends: a leader that was
    /// taken out itself has seen that committed (raft-design M10).
    /// </summary>
    public void Reset()
    {
        promotion.Clear();
        promoting = null;
        if (current is not null && !IsChanging)
            TakeDoneSteps();
        End(MembershipOutcome.OfficeLost());
    }

    /// <summary>Once per tick in office.</summary>
    public void Tick()
    {
        if (!view.IsLeader)
            return;
        Step();
        Promote();
        if (current is not null && view.NowMs > current.DeadlineMs)
        {
            End(MembershipOutcome.Unknown(
                $"not complete after {limits.MembershipChangeTimeout.TotalSeconds:F0} s; see GET /commands/raft"));
        }
    }

    /// <summary>The engine refused a change.</summary>
    public void Refused(ChangeRefusal refusal)
    {
        if (current is null || refusal.Token != askedToken)
            return;
        askedToken = 0;
        if (!IsPassing(refusal) && Explain(refusal) is { } text)
            End(MembershipOutcome.Refused(text, ErrorCode.NewConfigNoQuorum));
    }

    // Raft-design M8: who was not heard for T may have paused, and answers again in a moment.
    private bool IsPassing(ChangeRefusal refusal)
    {
        if (refusal.Reason != ChangeRefusalReason.QuorumOutOfReach)
            return false;
        outOfReachSinceMs ??= view.NowMs;
        return view.NowMs - outOfReachSinceMs < limits.ReachPatience.TotalMilliseconds;
    }

    // Null where the same question may be answered differently a moment later.
    private string? Explain(ChangeRefusal refusal) => refusal.Reason switch
    {
        ChangeRefusalReason.QuorumOutOfReach =>
            $"the change would leave {refusal.Reachable} of {askedVoters} voters reachable, and {refusal.Needed} are a "
            + "quorum; start the others, or force the change",
        ChangeRefusalReason.Empty => "the change would leave no voter",
        ChangeRefusalReason.Malformed or ChangeRefusalReason.NotLearner =>
            $"the change makes no sense ({refusal.Reason})",
        _ => null,
    };

    private void Step()
    {
        if (current is null || IsChanging)
            return;
        TakeDoneSteps();
        if (current is null || askedToken != 0)
            return;
        var (membership, directory) = Present();
        if (current.Steps.Peek().Goal(membership, directory) is { } goal)
            Ask(goal, current.Force);
    }

    private void TakeDoneSteps()
    {
        var (membership, directory) = Present();
        while (current!.Steps.TryPeek(out var step) && step.IsDone(membership, directory))
        {
            current.Steps.Dequeue();
            askedToken = 0;
            outOfReachSinceMs = null;
        }

        if (current.Steps.Count == 0)
            End(MembershipOutcome.Done(current.DoneText, membership.Index));
    }

    private void Promote()
    {
        if (IsChanging || core.Membership.Learners.Count == 0 || askedToken != 0)
            return;
        var (membership, directory) = Present();
        if (promotion.Choose(core.Status, directory, view.NowMs) is { } fit)
        {
            if (promoting != fit)
                MembershipTrace.Promoting(logger, fit.Value);
            promoting = fit;
            core.Step(new ChangeMembership(
                nextToken++,
                [.. membership.Voters, fit],
                [.. membership.Learners.Where(learner => learner != fit)],
                membership.Directory,
                Force: false));
        }
        else if (promotion.Laggard is { } laggard)
        {
            MembershipTrace.Lagging(logger, laggard.Value);
        }
    }

    // Raft-design M5: one change at a time, and none while joint.
    private bool IsChanging => core.Membership.IsJoint || core.Membership.Index > core.Commit;

    private void Ask(MembershipGoal goal, bool force)
    {
        askedToken = nextToken++;
        askedVoters = goal.Voters.Count;
        core.Step(new ChangeMembership(askedToken, goal.Voters, goal.Learners, goal.Directory.Encode(), force));
    }

    private (Membership Membership, MemberDirectory Directory) Present()
    {
        var membership = core.Membership;
        Invariant.Require(
            MemberDirectory.TryDecode(membership.Directory, out var directory), "A membership says where members are.");
        return (membership, directory);
    }

    private void End(MembershipOutcome outcome)
    {
        var ended = current;
        current = null;
        askedToken = 0;
        ended?.Report(outcome);
    }
}
