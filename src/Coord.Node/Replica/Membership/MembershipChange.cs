namespace Coord.Node.Replica;

/// <summary>A change of the membership under way at the leader: its steps, and whom to tell how it ended.</summary>
internal sealed class MembershipChange(
    IEnumerable<MembershipStep> steps, bool force, string done, long deadlineMs, Action<MembershipOutcome> report)
{
    /// <summary>What is still to be done, in order.</summary>
    public Queue<MembershipStep> Steps { get; } = new(steps);

    /// <summary>Whether it goes on though a quorum of the new voters is out of reach (raft-design M8).</summary>
    public bool Force { get; } = force;

    /// <summary>What to say when it is done.</summary>
    public string DoneText { get; } = done;

    public long DeadlineMs { get; } = deadlineMs;

    public void Report(MembershipOutcome outcome) => report(outcome);
}
