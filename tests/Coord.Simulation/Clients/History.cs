namespace Coord.Simulation.Clients;

/// <summary>All that clients asked and were told.</summary>
internal sealed class History
{
    public List<Operation> Operations { get; } = [];

    public List<SessionLife> Sessions { get; } = [];
}
