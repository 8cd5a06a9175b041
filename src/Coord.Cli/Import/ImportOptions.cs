namespace Coord.Cli.Import;

/// <summary>What the user asked of an import.</summary>
/// <param name="Source">The ensemble's addresses, as clients write them.</param>
/// <param name="Target">The cluster's addresses.</param>
internal sealed record ImportOptions(string Source, string Target)
{
    /// <summary>A snapshot of the source that shows containers and times to live; null: none are known.</summary>
    public string? Snapshot { get; init; }

    /// <summary>File with <c>scheme:secret</c> for the ensemble; null: nothing is shown to it.</summary>
    public string? SourceAuth { get; init; }

    /// <summary>File with <c>scheme:secret</c> for the cluster.</summary>
    public string? TargetAuth { get; init; }

    /// <summary>The target may hold the beginning of a copy of the source: what is missing is copied.</summary>
    public bool Resume { get; init; }

    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Znodes under way at once: enough to hide the way there and back, few enough for any server.</summary>
    public int Parallel { get; init; } = 256;
}
