namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="StripedCounter"/>; those of its users may differ.</summary>
public sealed record StripedCounterOptions
{
    /// <summary>Znodes among which the clients are spread. Default 16, 1 to 1024.</summary>
    public int Stripes { get; init; } = 16;

    /// <summary>
    /// How long to go on looking after a write whose reply was lost. Default 30 s, 1 s to 1 h.
    /// </summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Kind of the parents that are made. Default <see cref="CreateParents.Persistent"/>.</summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;
}
