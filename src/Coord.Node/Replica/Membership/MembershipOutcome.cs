using Coord.Node.Admin;
using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>How a change of the membership ended.</summary>
/// <param name="Outcome">Done, refused, or lost sight of.</param>
/// <param name="Text">For people.</param>
/// <param name="Error">For clients that asked by ZooKeeper's <c>reconfig</c>.</param>
/// <param name="Index">Done: the entry that completed it.</param>
internal sealed record MembershipOutcome(AdminOutcome Outcome, string Text, ErrorCode Error, LogIndex Index)
{
    public static MembershipOutcome Done(string text, LogIndex index) =>
        new(AdminOutcome.Done, text, ErrorCode.Ok, index);

    public static MembershipOutcome Refused(string text, ErrorCode error) =>
        new(AdminOutcome.Refused, text, error, default);

    /// <summary>
    /// This node leads no longer: clients' requests are not answered, their nodes ask the next leader.
    /// </summary>
    public bool IsOfficeLost { get; private init; }

    /// <summary>Time ran out: some steps may have been taken.</summary>
    public static MembershipOutcome Unknown(string text) =>
        new(AdminOutcome.Unknown, text, ErrorCode.OperationTimeout, default);

    /// <summary>Leadership changed: some steps may have been taken, and the next leader may go on.</summary>
    public static MembershipOutcome OfficeLost() => Unknown(
        "leadership changed while the change was under way; look at the membership before trying again") with
    {
        IsOfficeLost = true,
    };
}
