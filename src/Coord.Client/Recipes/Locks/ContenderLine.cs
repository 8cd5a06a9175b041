using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// The order of contenders by sequence number, which may wrap around: live contenders never span half the range.
/// </summary>
internal static class ContenderLine
{
    internal const string LockName = "lock-";

    /// <returns>False for children that are no contenders; they are ignored, as Curator's tools leave some.</returns>
    internal static bool TryReadSequence(string name, out int sequence)
    {
        sequence = 0;
        var mark = name.LastIndexOf(LockName, StringComparison.Ordinal);
        return mark >= 0 && int.TryParse(
            name.AsSpan(mark + LockName.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out sequence);
    }

    /// <summary>Whether <paramref name="a"/> stands before <paramref name="b"/>.</summary>
    internal static bool IsBefore(int a, int b) => unchecked(b - a) > 0;

    /// <summary>The contender right before the one named <paramref name="own"/>.</summary>
    /// <param name="names">All children.</param>
    /// <param name="own">Our name.</param>
    /// <param name="predecessor">Null when we are first.</param>
    /// <returns>False when we do not stand there.</returns>
    internal static bool TryFindPredecessor(IReadOnlyList<string> names, string own, out string? predecessor)
    {
        predecessor = null;
        if (!TryReadSequence(own, out var ownSequence))
            return false;
        var isThere = false;
        var nearest = 0;
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            isThere |= name == own;
            if (!TryReadSequence(name, out var sequence) || !IsBefore(sequence, ownSequence))
                continue;
            if (predecessor is null || IsBefore(nearest, sequence))
            {
                predecessor = name;
                nearest = sequence;
            }
        }

        return isThere;
    }
}
