namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="TimedLock"/>; those of all its users may differ.</summary>
public sealed record TimedLockOptions
{
    private static readonly TimeSpan LeastDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the lock is held without a renewal, 1 s to 24 h. Required: there is no lock without an end.
    /// </summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the holder renews by itself at a third of the duration. Default true.</summary>
    public bool AutoRenew { get; init; } = true;

    /// <summary>
    /// The time from the grant for which the lock is not given to anybody else, also when it is released earlier: "at
    /// least for". Zero (default) to <see cref="Duration"/>.
    /// </summary>
    public TimeSpan MinimumHold { get; init; }

    /// <inheritdoc cref="LockOptions.Name"/>
    public string? Name { get; init; }

    /// <inheritdoc cref="LockOptions.TraceHold"/>
    public bool TraceHold { get; init; }

    /// <summary>For people, at most 256 characters. Default none.</summary>
    public string? Note { get; init; }

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal void Check()
    {
        if (Duration < LeastDuration || Duration > LongestDuration)
            throw new ArgumentOutOfRangeException(nameof(Duration), Duration, "A timed lock has 1 s to 24 h.");
        if (MinimumHold < TimeSpan.Zero || MinimumHold > Duration)
            throw new ArgumentOutOfRangeException(
                nameof(MinimumHold), MinimumHold, "The least time of a hold is from zero to the duration.");
        if (Note?.Length > ContenderBytes.NoteMaxLength)
            throw new ArgumentException($"A note has at most {ContenderBytes.NoteMaxLength} characters.");
    }
}
