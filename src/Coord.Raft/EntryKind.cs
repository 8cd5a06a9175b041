namespace Coord.Raft;


/// <summary>What an entry is to the engine. A kind that a node does not know stops it (raft-design I7).</summary>
public enum EntryKind : byte
{
    /// <summary>A new leader's first entry (raft-design E10): nothing to apply, its payload is empty.</summary>
    Empty = 0,

    /// <summary>A proposal: its payload belongs to the state machine.</summary>
    Command = 1,

    /// <summary>A <see cref="Coord.Raft.Membership"/>, in force once appended (raft-design M3).</summary>
    Membership = 2,

    /// <summary>What a recovering node waits for (raft-design P30): nothing to apply.</summary>
    RecoveryPoint = 3,

    /// <summary>What all members understand from here on (raft-design I6).</summary>
    FeatureLevel = 4,
}
