namespace Coord.Raft;


/// <summary>What an entry is to the engine. A kind that a node does not know stops it (raft-design I7).</summary>
public enum EntryKind : byte
{
    /// <summary>A new leader's first entry (raft-design E10): nothing to apply, its payload is empty.</summary>
    Empty = 0,

    /// <summary>A proposal: its payload belongs to the state machine.</summary>
    Command = 1,
}
