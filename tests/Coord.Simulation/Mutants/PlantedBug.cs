using Coord.Simulation.Runs;

namespace Coord.Simulation.Mutants;

/// <summary>A bug that the second build of the sources holds beside the right code (raft-design T11).</summary>
/// <param name="Name">Short and unique.</param>
/// <param name="Rule">The rule that is broken, and how.</param>
/// <param name="Seeds">It must be found by one of the seeds from 1 to this.</param>
/// <param name="Edits">What is different when the bug is on.</param>
internal sealed record PlantedBug(string Name, string Rule, int Seeds, params PlantedEdit[] Edits)
{
    /// <summary>
    /// What its seeds do not draw, where few of those drawn freely meet the bug. The right code passes them too.
    /// </summary>
    public RunOptions Runs { get; init; } = RunOptions.Default;
}
