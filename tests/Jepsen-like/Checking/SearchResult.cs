using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

internal enum SearchVerdict
{
    Linearizable,
    NotLinearizable,

    /// <summary>The search was given up at its limit: neither shown nor refuted.</summary>
    Undecided,
}

/// <summary>
/// Outcome of a search; if it failed, the end of the longest order that fits and the operations that could not follow.
/// </summary>
internal sealed record SearchResult(
    SearchVerdict Verdict,
    long Steps,
    IReadOnlyList<Operation> LongestOrderEnd,
    IReadOnlyList<Operation> Blocked);
