namespace Coord.Simulation.Disk;

/// <summary>What becomes of writes, creations and renames that were not flushed when power is lost.</summary>
internal enum CrashOutcome
{
    /// <summary>All of them are gone.</summary>
    LoseAll,

    /// <summary>All of them happen to be on disk.</summary>
    KeepAll,

    /// <summary>Each sector and each change of a directory is kept or lost by itself.</summary>
    Random,
}
