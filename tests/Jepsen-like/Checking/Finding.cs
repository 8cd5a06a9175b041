using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>A rule that a history breaks, and the operations that show it.</summary>
internal sealed record Finding(string Rule, string Text, IReadOnlyList<Operation> Operations)
{
    public override string ToString() =>
        $"{Rule}: {Text}\n" + string.Concat(Operations.Select(o => $"    {o}\n"));
}
