using Coord.Protocol;

namespace Coord.Client;

/// <summary>A <see cref="Recipes.VersionCounter"/> has given out 2³¹ − 1, its last number. None was taken.</summary>
public sealed class CounterExhaustedException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The counter's znode, without chroot.</param>
    public CounterExhaustedException(string path)
        : base($"The version of {path} has reached its end: it gives no further numbers.",
            ErrorCode.RuntimeInconsistency, path)
    {
    }
}
