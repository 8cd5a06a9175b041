namespace Coord.Differential.Sequences;

/// <summary>What one seed makes: steps of several clients, one at a time.</summary>
/// <param name="Seed">Makes the same sequence again.</param>
/// <param name="IsGuarded">
/// With ACLs that take READ away: there, what 3.8 shows to those without READ is asked for once more
/// (<see cref="Dialects.KnownDifference"/>).
/// </param>
/// <param name="Steps">In order.</param>
internal sealed record Sequence(ulong Seed, bool IsGuarded, IReadOnlyList<Step> Steps)
{
    public const int Slots = 3;

    /// <summary>Requests of clients, each sub-operation of a multi not counted apart.</summary>
    public int Operations => Steps.Sum(step => step is AskAll all ? all.Requests.Count : 1);
}
