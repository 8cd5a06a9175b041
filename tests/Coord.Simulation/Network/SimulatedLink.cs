namespace Coord.Simulation.Network;

/// <summary>The connection between two nodes.</summary>
internal sealed class SimulatedLink(int low, int high)
{
    public int Low { get; } = low;

    public int High { get; } = high;

    /// <summary>Grows with each connection: what was sent on an older one never arrives.</summary>
    public long Session { get; set; }

    public bool IsUp { get; set; }

    /// <summary>Since when nothing can pass; negative while something can.</summary>
    public long BlockedSince { get; set; } = -1;

    /// <summary>Since when neither node lists the other; negative while one does.</summary>
    public long UnlistedSince { get; set; } = -1;

    /// <summary>When the last message of each direction arrives: later ones do not overtake it.</summary>
    public long[] LastArrival { get; } = new long[2];
}
