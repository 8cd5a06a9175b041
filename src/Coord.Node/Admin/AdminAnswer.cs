namespace Coord.Node.Admin;

/// <summary>How an administrator's order ended.</summary>
internal enum AdminOutcome
{
    /// <summary>Done, and committed by the cluster where that is called for.</summary>
    Done,

    /// <summary>Refused; nothing changed.</summary>
    Refused,

    /// <summary>This node does not lead; nothing changed.</summary>
    NotLeader,

    /// <summary>The leader changed, or time ran out, while the order was under way: look before trying again.</summary>
    Unknown,
}

/// <summary>The answer to an administrator's order.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Text">One line for people: what was done, or why not and what would help.</param>
/// <param name="LeaderAdmin">Not leader: the leader's admin address, if known.</param>
internal sealed record AdminAnswer(AdminOutcome Outcome, string Text, string? LeaderAdmin = null);
