namespace Coord.Client.Recipes;

/// <summary>Settings of <see cref="WorkerId"/>; all users of one path should agree.</summary>
public sealed record WorkerIdOptions
{
    private static readonly TimeSpan LongestQuarantine = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a number is given to nobody after its holder was found gone, on the leader's clock. Null (default):
    /// twice the session timeout. Zero to 24 h.
    /// </summary>
    public TimeSpan? Quarantine { get; init; }

    /// <summary>
    /// Kind of the parents that are made with the root. Default <see cref="CreateParents.Persistent"/>.
    /// </summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal void Check()
    {
        if (Quarantine < TimeSpan.Zero || Quarantine > LongestQuarantine)
            throw new ArgumentOutOfRangeException(nameof(Quarantine), Quarantine, "Zero to 24 h.");
        RecipeChecks.Parents(Parents);
    }
}
