namespace Coord.Client.Recipes;

/// <summary>Settings of all lock recipes; those of the users of one path may differ.</summary>
public record LockOptions
{
    /// <summary>What a waiter does when its session is lost. Default <see cref="WhenSessionLost.Requeue"/>.</summary>
    public WhenSessionLost WhenSessionLost { get; init; }

    /// <summary>
    /// Whether contender znodes say who stands there (client name, host, process id, since). Default true.
    /// </summary>
    public bool WriteRecord { get; init; } = true;

    /// <summary>
    /// What the lock is called in metrics and traces, where paths are not shown. Null (default): the last part of its
    /// path. Give one name to locks that are made by the thousand.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether traces get a span for the time the lock is held, besides the one for acquiring it. Default false.
    /// </summary>
    public bool TraceHold { get; init; }

    /// <summary>A note for people in the contender record, at most 256 characters. Default none.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Whether missing parents are made as containers, which the server removes after their last child. False: they are
    /// persistent, for trees that are meant to stay. Default true.
    /// </summary>
    public bool CleanUpParent { get; init; } = true;

    /// <summary>
    /// Whether a call that would wait for a handle of its own flow throws <see cref="LockRecursionException"/> instead.
    /// Best effort: a helper method that acquires for its caller hides the hold. Default true.
    /// </summary>
    public bool DetectRecursion { get; init; } = true;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal virtual void Check()
    {
        if (!Enum.IsDefined(WhenSessionLost))
            throw new ArgumentException($"{nameof(WhenSessionLost)} is not one of its values.");
        if (Note?.Length > ContenderBytes.NoteMaxLength)
            throw new ArgumentException($"A note has at most {ContenderBytes.NoteMaxLength} characters.");
    }
}
