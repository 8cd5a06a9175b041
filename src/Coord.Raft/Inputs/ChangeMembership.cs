namespace Coord.Raft;

/// <summary>
/// Asks for a membership: the wanted end state, whole. The core decides whether that takes one entry or a joint
/// membership in between (raft-design M2). Refused at once, by <see cref="ChangeRefusal"/>, or appended in this step;
/// its end is the application of the entry of kind <see cref="EntryKind.Membership"/> that is not joint, or unknown
/// when the office ends before.
/// </summary>
/// <param name="Token">Comes back in <see cref="ChangeRefusal"/>.</param>
/// <param name="Voters">All voters wanted. One who is none yet must be a learner that has caught up (M9).</param>
/// <param name="Learners">All learners wanted, none of them among <paramref name="Voters"/>.</param>
/// <param name="Directory">Kept with the membership: tells of everybody before and after the change.</param>
/// <param name="Force">Does not ask whether a quorum of the new voters can be reached (M8).</param>
public sealed record ChangeMembership(
    long Token,
    IReadOnlyList<NodeId> Voters,
    IReadOnlyList<NodeId> Learners,
    ReadOnlyMemory<byte> Directory,
    bool Force) : RaftInput;
