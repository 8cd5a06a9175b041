using System.Buffers.Text;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Where a znode stands among its siblings (docs/internals/extensions.md, create-rank): by the number behind a mark in
/// the name, which may wrap around.
/// </summary>
/// <param name="Position">How many stand in line before it; -1: not told.</param>
/// <param name="Predecessor">The slot of the nearest before it to wait for, or <see cref="Znode.None"/>.</param>
internal readonly record struct SiblingRank(int Position, int Predecessor)
{
    /// <summary>
    /// Among more children it is not told: a request looks at so many names at most. 1,000 contenders of a lock fit.
    /// </summary>
    public const int ChildrenMax = 1024;

    /// <summary>
    /// Nor among longer names together, which are searched for each mark: those of 1,000 contenders fit twice.
    /// </summary>
    public const int NameBytesMax = 128 * 1024;

    public static SiblingRank NotTold { get; } = new(-1, Znode.None);

    /// <summary>
    /// The same on every node: siblings are linked in an order that a restart changes, so each is looked at, and equal
    /// numbers are told apart by name.
    /// </summary>
    public static SiblingRank Of(ZnodeStore store, int slot, in CreateRankRequest request)
    {
        ref readonly var parent = ref store.RareOf(store.Znodes[slot].Parent);
        if (parent.NumChildren > ChildrenMax || parent.ChildNameBytes > NameBytesMax
            || !TryReadNumber(store.NameOf(slot), request.Marks, out int own))
            return NotTold;

        int position = 0;
        int nearest = 0;
        int predecessor = Znode.None;
        for (int at = store.Znodes[slot].Siblings.Next; at != slot; at = store.Znodes[at].Siblings.Next)
        {
            var name = store.NameOf(at);
            if (!TryReadNumber(name, request.Marks, out int number) || !IsBefore(number, own))
                continue;
            position++;
            if (!HoldsAny(name, request.WaitedFor))
                continue;
            if (predecessor == Znode.None || IsBefore(nearest, number)
                || (number == nearest && name.SequenceCompareTo(store.NameOf(predecessor)) < 0))
                (predecessor, nearest) = (at, number);
        }

        return new SiblingRank(position, predecessor);
    }

    private static bool IsBefore(int a, int b) => unchecked(b - a) > 0;

    private static bool TryReadNumber(ReadOnlySpan<byte> name, PathVector marks, out int number)
    {
        foreach (var mark in marks)
        {
            int at = name.LastIndexOf(mark);
            if (at < 0)
                continue;
            var digits = name[(at + mark.Length)..];
            if (Utf8Parser.TryParse(digits, out number, out int read) && read == digits.Length)
                return true;
        }

        number = 0;
        return false;
    }

    private static bool HoldsAny(ReadOnlySpan<byte> name, PathVector marks)
    {
        foreach (var mark in marks)
        {
            if (name.IndexOf(mark) >= 0)
                return true;
        }

        return false;
    }
}
