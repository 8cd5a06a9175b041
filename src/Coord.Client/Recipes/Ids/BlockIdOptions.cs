namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="BlockIdGenerator"/>.</summary>
public sealed record BlockIdOptions
{
    /// <summary>
    /// Kind of the parents that are made with the generator. Default <see cref="CreateParents.Persistent"/>.
    /// </summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;
}
