namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="ReservationCounter"/>; those of its users may differ.</summary>
public sealed record ReservationOptions
{
    /// <summary>
    /// How long to go on looking, after a write whose reply was lost, before giving up with
    /// <see cref="OutcomeUnknownException"/>. Default 30 s, 1 s to 1 h.
    /// </summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a write that met eight conflicts stands in the queue beside the root before it ends with
    /// <see cref="OperationTimeoutException"/>, not written. Default 30 s, 1 s to 1 h.
    /// </summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Kind of the parents that are made with the root. Default <see cref="CreateParents.Persistent"/>.
    /// </summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal void Check()
    {
        RecipeChecks.Timeout(ResolveTimeout, nameof(ResolveTimeout));
        RecipeChecks.Timeout(QueueTimeout, nameof(QueueTimeout));
        RecipeChecks.Parents(Parents);
    }
}
