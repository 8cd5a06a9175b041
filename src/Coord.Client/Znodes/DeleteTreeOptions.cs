namespace Coord.Client;

/// <summary>What a deletion of a tree leaves.</summary>
public sealed record DeleteTreeOptions
{
    /// <summary>Whether the znode itself stays and only what is below it goes. Default false.</summary>
    public bool KeepRoot { get; init; }
}
