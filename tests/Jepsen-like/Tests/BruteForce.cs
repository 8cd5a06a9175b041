using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// Linearizability by its definition, for tiny histories of one key: tries every subset of the unknown writes in every
/// order. Shares nothing with the search it is compared with.
/// </summary>
internal static class BruteForce
{
    public static bool IsLinearizable(IReadOnlyList<Operation> history) =>
        Extend([.. history.Where(o => o.IsKnown || o.IsWrite)], tag: 0, version: 0);

    private static bool Extend(List<Operation> left, long tag, int version)
    {
        if (left.All(o => !o.IsKnown))
            return true;

        foreach (var next in left)
        {
            if (left.Any(o => o.Completed < next.Invoked))
                continue;
            if (!Apply(next, ref tag, ref version, out var undo))
                continue;

            var rest = left.Where(o => !ReferenceEquals(o, next)).ToList();
            if (Extend(rest, tag, version))
                return true;
            (tag, version) = undo;
        }

        return false;
    }

    private static bool Apply(Operation o, ref long tag, ref int version, out (long Tag, int Version) undo)
    {
        undo = (tag, version);
        if (!o.IsWrite)
            return o.Tag == tag && o.Version == version;

        var matches = o.Kind == OperationKind.Set || o.Expected == version;
        if (o.IsKnown && o.Error == Operation.BadVersion)
            return !matches;
        if (!matches || (o.IsKnown && o.Version != version + 1))
            return false;

        (tag, version) = (o.Tag, version + 1);
        return true;
    }
}
