namespace Coord.Client.Recipes;

/// <summary>Settings of <see cref="VersionCounter"/> and <see cref="ZxidSequence"/>.</summary>
public sealed record SequenceOptions
{
    /// <summary>
    /// Kind of the parents that are made with the znode. Default <see cref="CreateParents.Persistent"/>.
    /// </summary>
    public CreateParents Parents { get; init; } = CreateParents.Persistent;
}
