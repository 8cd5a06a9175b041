namespace Coord.Simulation.Runs;

/// <summary>A run showed a violated promise.</summary>
internal sealed class SimulationFailedException : Exception
{
    public SimulationFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
