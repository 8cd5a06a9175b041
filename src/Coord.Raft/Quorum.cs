namespace Coord.Raft;


/// <summary>
/// The majority rule, once, for votes, commits, read barriers and check-quorum (raft-design C1). Slips here were bugs
/// elsewhere more than once (BC2).
/// </summary>
internal static class Quorum
{
    /// <summary>How many of <paramref name="voters"/> are a majority.</summary>
    public static int Size(int voters) => (voters / 2) + 1;

    /// <summary>True when <paramref name="count"/> of <paramref name="voters"/> are a majority.</summary>
    public static bool IsReached(int count, int voters) => count >= Size(voters);

    /// <summary>True when a majority can no longer be reached after <paramref name="refusals"/>.</summary>
    public static bool IsLost(int refusals, int voters) => voters - refusals < Size(voters);

    /// <summary>The largest number that a majority of <paramref name="values"/> has reached. Sorts them.</summary>
    public static long HighestReached(Span<long> values)
    {
        Invariant.Require(values.Length > 0, "A quorum of no voters decides nothing.");
        values.Sort();
        return values[values.Length - Size(values.Length)];
    }
}
