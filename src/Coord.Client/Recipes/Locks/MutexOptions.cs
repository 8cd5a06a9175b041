namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="DistributedMutex"/>; those of all its users may differ.</summary>
public sealed record MutexOptions
{
    /// <summary>What a waiter does when its session is lost. Default <see cref="WhenSessionLost.Requeue"/>.</summary>
    public WhenSessionLost WhenSessionLost { get; init; }

    /// <summary>
    /// Whether contender znodes say who stands there (client name, host, process id, since). Default true.
    /// </summary>
    public bool WriteRecord { get; init; } = true;

    /// <summary>A note for people in the contender record, at most 256 characters. Default none.</summary>
    public string? Note { get; init; }

    /// <summary>Kind of the parents that are made. Default <see cref="CreateParents.Persistent"/>.</summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;
}
