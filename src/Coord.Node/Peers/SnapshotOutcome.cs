namespace Coord.Node.Peers;

/// <summary>How a transfer ended. The numbers are on the wire.</summary>
internal enum SnapshotOutcome : byte
{
    /// <summary>The file is whole, verified and durable at the receiver (raft-design S7).</summary>
    Complete = 0,

    /// <summary>What arrived was not what was offered; it is gone, a new attempt begins from zero.</summary>
    Damaged = 1,

    /// <summary>The receiver takes another one, of this leader's term or a later one.</summary>
    Busy = 2,

    /// <summary>The receiver has no room for the file.</summary>
    NoRoom = 3,
}
