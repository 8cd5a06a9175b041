namespace Coord.Client;

/// <summary>What a sequential create asks about its place, where the server tells it (create-rank).</summary>
/// <param name="Marks">What stands before the number in the names of those in line.</param>
/// <param name="WaitedFor">Whose names hold one of these are waited for.</param>
internal sealed record RankQuestion(IReadOnlyList<string> Marks, IReadOnlyList<string> WaitedFor)
{
    internal const string Feature = "create-rank";
}
