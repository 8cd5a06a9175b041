namespace Coord.Raft.Tests;

/// <summary>How a node comes back that lost part of its disk: the rule, or the rule with a part left out.</summary>
internal enum ModelRule
{
    /// <summary>Raft-design P30 as it is built.</summary>
    Full,

    /// <summary>The node takes part as if nothing had happened.</summary>
    NoRule,

    /// <summary>The leader counts what a recovering node acknowledges.</summary>
    CountedWhileRecovering,

    /// <summary>A read barrier that was started after the handshake ends it, instead of a committed entry.</summary>
    BarrierInsteadOfEntry,

    /// <summary>A recovery point made for an earlier process of the node ends it too.</summary>
    PointOfAnyProcess,

    /// <summary>Having the recovery point is enough; it need not be committed.</summary>
    PointNotCommitted,

    /// <summary>A leader goes on counting what the node acknowledged before it had recovered.</summary>
    MatchKeptAfterRecovery,

    /// <summary>The vote in the leader's term is left as the disk gave it.</summary>
    VoteNotMarked,

    /// <summary>A recovery point of an earlier term ends it too, once it is committed.</summary>
    PointOfAnyTerm,
}
