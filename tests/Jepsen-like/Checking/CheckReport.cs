using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>What all validators say about one history.</summary>
internal sealed record CheckReport(
    int Operations,
    int Unknown,
    int UnknownSeen,
    int Keys,
    long SearchSteps,
    IReadOnlyList<string> UndecidedKeys,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>Of rules that search nothing.</summary>
    /// <param name="history">As it was recorded.</param>
    /// <param name="resolved">The same, with what was seen of unknown operations filled in.</param>
    /// <param name="findings">Of all rules.</param>
    public static CheckReport Of(
        IReadOnlyList<Operation> history, IReadOnlyList<Operation> resolved, IReadOnlyList<Finding> findings)
    {
        var unknown = history.Count(o => !o.IsKnown);
        return new CheckReport(history.Count, unknown, unknown - resolved.Count(o => !o.IsKnown),
            history.Select(o => o.Key).Distinct().Count(), SearchSteps: 0, UndecidedKeys: [], findings);
    }

    /// <summary>"ok", "violated", or "undecided" when a search met its limit and nothing else was found.</summary>
    public string Verdict => Findings.Count > 0 ? "violated" : UndecidedKeys.Count > 0 ? "undecided" : "ok";

    /// <summary>The rules broken, each once, for the line of figures.</summary>
    public string Rules => Findings.Count == 0 ? "none" : string.Join(',', Findings.Select(f => f.Rule).Distinct());

    /// <summary>
    /// Everything known about the keys that a finding touches, of whole groups where it touches one, and of sessions:
    /// enough to check again.
    /// </summary>
    public IEnumerable<Operation> Offending(IReadOnlyList<Operation> history)
    {
        var keys = Findings.SelectMany(f => f.Operations).Select(o => o.Key).ToHashSet();
        var groups = history.Select(o => o.Key).Where(key => key.Length > 0).ToHashSet();
        groups.IntersectWith(keys.Concat(keys.Select(Parent)).ToArray());
        return history.Where(o => o.Key.Length == 0 || groups.Contains(o.Key) || groups.Contains(Parent(o.Key)));
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
