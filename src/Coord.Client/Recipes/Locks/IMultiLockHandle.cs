namespace Coord.Client.Recipes;

/// <summary>
/// Several locks held at once. <see cref="ILockHandle.Path"/> and <see cref="ILockHandle.Token"/> are those of the
/// first part; it is lost when any part is.
/// </summary>
public interface IMultiLockHandle : ILockHandle
{
    /// <summary>The token of each part, by the path of its lock.</summary>
    IReadOnlyDictionary<string, FencingToken> Tokens { get; }
}
