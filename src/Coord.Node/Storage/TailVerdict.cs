namespace Coord.Node.Storage;

/// <summary>What follows the last complete batch of the log.</summary>
internal enum TailVerdict
{
    /// <summary>Nothing but zeros.</summary>
    Clean,

    /// <summary>A batch whose write was cut short: never acknowledged, to be cut away (raft-design P20).</summary>
    Torn,

    /// <summary>Something that no interrupted write explains (raft-design P21).</summary>
    Corrupt,
}
