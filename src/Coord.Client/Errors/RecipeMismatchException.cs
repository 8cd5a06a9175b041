using Coord.Protocol;

namespace Coord.Client;

/// <summary>The path belongs to another recipe. Nothing was written.</summary>
public sealed class RecipeMismatchException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The recipe's root, without chroot.</param>
    /// <param name="found">The tag found there.</param>
    /// <param name="expected">The tag this recipe writes.</param>
    public RecipeMismatchException(string path, string found, string expected)
        : base($"The root {path} is tagged '{found}', not '{expected}'.", ErrorCode.BadArguments, path)
    {
    }
}
