namespace Coord.Simulation.Disk;

/// <summary>Power was lost in the middle of what the node was doing. No code of the node may catch it.</summary>
internal sealed class SimulatedCrashException : Exception
{
    public SimulatedCrashException()
        : base("Power lost.")
    {
    }
}
