using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// The order of contenders by sequence number, which may wrap around: live contenders never span half the range. What
/// stands before the number in a name says what the contender wants, and who waits for whom.
/// </summary>
/// <param name="marks">What stands before the number in the names of contenders.</param>
/// <param name="waitsFor">Whether the contender of the first name waits for the one of the second, if that stands
/// before it.</param>
/// <param name="isShared">Whether Curator's contenders stand in it too, which find the mark anywhere in a name.</param>
internal sealed class ContenderLine(string[] marks, Func<string, string, bool> waitsFor, bool isShared = true)
{
    internal const string LockName = "lock-";
    internal const string ReadName = "__READ__";
    internal const string WriteName = "__WRIT__";

    // Of the upgradeable lock. No GUID in front of them has one of these letters.
    internal const string PlainReadName = "r-";
    internal const string PlainWriteName = "w-";
    internal const string UpgradeableName = "u-";
    internal const string UpgradeName = "x-";

    /// <summary>Everybody waits for everybody before.</summary>
    internal static ContenderLine Mutex { get; } = new([LockName], static (_, _) => true);

    /// <summary>Readers wait for writers before, writers for everybody before.</summary>
    internal static ContenderLine ReadWrite { get; } =
        new([ReadName, WriteName], static (own, other) => IsWriter(own) || IsWriter(other));

    /// <summary>
    /// Readers wait for writers and upgrades before, upgradeable readers for each other too, writers for everybody
    /// before, and upgrades, which have the number of their upgradeable reader, for readers before.
    /// </summary>
    internal static ContenderLine Upgradeable { get; } = new(
        [PlainReadName, PlainWriteName, UpgradeableName, UpgradeName],
        static (own, other) => Is(own, PlainWriteName) || (Is(own, UpgradeName)
            ? Is(other, PlainReadName)
            : Is(other, PlainWriteName) || Is(other, UpgradeName)
                || (Is(own, UpgradeableName) && Is(other, UpgradeableName))),
        isShared: false);

    /// <summary>What stands before the number, which says what a contender wants.</summary>
    internal IReadOnlyList<string> Marks => marks;

    /// <summary>Whether <paramref name="a"/> stands before <paramref name="b"/>.</summary>
    internal static bool IsBefore(int a, int b) => unchecked(b - a) > 0;

    /// <summary>What a newcomer asks a server that tells it its place as it is created.</summary>
    /// <param name="mark">What stands before its number.</param>
    internal RankQuestion QuestionOf(string mark) => new(marks, [.. marks.Where(other => waitsFor(mark, other))]);

    /// <returns>False for children that are no contenders; they are ignored, as Curator's tools leave some.</returns>
    internal bool TryReadSequence(string name, out int sequence)
    {
        sequence = 0;
        foreach (var mark in marks)
        {
            var at = name.LastIndexOf(mark, StringComparison.Ordinal);
            if (at >= 0 && IsMark(name, at) && int.TryParse(
                name.AsSpan(at + mark.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out sequence))
                return true;
        }

        return false;
    }

    /// <summary>The nearest contender before the one named <paramref name="own"/> for which it waits.</summary>
    /// <param name="names">All children.</param>
    /// <param name="own">Our name.</param>
    /// <param name="predecessor">Null when it is our turn.</param>
    /// <returns>False when we do not stand there.</returns>
    internal bool TryFindPredecessor(IReadOnlyList<string> names, string own, out string? predecessor)
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
            if (!TryReadSequence(name, out var sequence) || !IsBefore(sequence, ownSequence) || !waitsFor(own, name))
                continue;
            if (predecessor is null || IsBefore(nearest, sequence))
            {
                predecessor = name;
                nearest = sequence;
            }
        }

        return isThere;
    }

    /// <summary>The contenders among the children, in order.</summary>
    internal IEnumerable<(string Name, int Sequence)> InOrder(IEnumerable<string> names)
    {
        var line = new List<(string Name, int Sequence)>();
        foreach (var name in names)
        {
            if (TryReadSequence(name, out var sequence))
                line.Add((name, sequence));
        }

        line.Sort(static (a, b) =>
            a.Sequence == b.Sequence ? 0 : IsBefore(a.Sequence, b.Sequence) ? -1 : 1);
        return line;
    }

    /// <summary>Whether the name is that of a contender of the kind.</summary>
    internal static bool Is(string name, string mark) => name.Contains(mark, StringComparison.Ordinal);

    /// <summary>A letter is a mark only by itself: "leader-0000000001" is no reader.</summary>
    private bool IsMark(string name, int at) => isShared || at == 0 || name[at - 1] == '-';

    private static bool IsWriter(string name) => Is(name, WriteName);
}
