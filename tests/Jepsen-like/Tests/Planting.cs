using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// Plants one wrong answer into a correct history, as a broken server would have given it, so that a checker which
/// finds nothing is shown to be blind. Where outcomes are unknown they could explain much, so it is done before the
/// first of them.
/// </summary>
internal static class Planting
{
    /// <summary>A linearizable read returns the value before the last one, with the zxid it really had.</summary>
    public static List<Operation> StaleValue(List<Operation> history, string key)
    {
        var (at, old) = StaleRead(history, key);
        var planted = history.ToList();
        planted[at] = planted[at] with
        {
            Tag = old.Tag, Amount = old.Amount, Version = old.Version, ModifiedZxid = old.ModifiedZxid,
        };
        return planted;
    }

    /// <summary>The same from a node that is behind: its zxid is as old as the value, so only time tells.</summary>
    public static List<Operation> StaleNode(List<Operation> history, string key)
    {
        var (at, old) = StaleRead(history, key);
        var planted = StaleValue(history, key);
        planted[at] = planted[at] with { Zxid = old.Zxid };
        return planted;
    }

    /// <summary>An acknowledged write is gone: everybody behind it sees the znode as if it had never been.</summary>
    public static List<Operation> LostWrite(List<Operation> history, string key)
    {
        var writes = SuccessfulWrites(history, key);
        var lost = writes[writes.Count / 2];
        var before = writes[(writes.Count / 2) - 1];
        return Rewrite(history, key, lost, o => o.Tag == lost.Tag
            ? o with { Tag = before.Tag, Amount = before.Amount, Version = before.Version,
                ModifiedZxid = before.ModifiedZxid }
            : o with { Version = o.Version - 1, Expected = o.Expected - 1 });
    }

    /// <summary>A compare-and-set was applied twice: everybody behind it counts one more.</summary>
    public static List<Operation> DoubledIncrement(List<Operation> history, string key)
    {
        var writes = SuccessfulWrites(history, key).Where(o => o.Kind == OperationKind.CompareAndSet).ToList();
        var doubled = writes[writes.Count / 2];
        return Rewrite(history, key, doubled, o => o with
        {
            Version = o.Version + 1, Expected = o.Expected + 1, Amount = o.Amount + 1,
        });
    }

    private static (int At, Operation Old) StaleRead(List<Operation> history, string key)
    {
        var writes = SuccessfulWrites(history, key);
        var newer = writes[writes.Count / 2];
        var at = history.FindIndex(o => o.Key == key && o.Kind == OperationKind.Read && o.Succeeded &&
            o.Invoked > newer.Completed);
        var old = writes.Last(o => o.Version < newer.Version && o.Version < history[at].Version);
        return (at, old);
    }

    /// <summary>Acknowledged writes of the key in their order, up to the first unknown one.</summary>
    private static List<Operation> SuccessfulWrites(List<Operation> history, string key)
    {
        var firstUnknown = history.Where(o => o.Key == key && o.IsWrite && !o.IsKnown).Select(o => o.Invoked)
            .DefaultIfEmpty(long.MaxValue).Min();
        return [.. history.Where(o => o.Key == key && o.IsWrite && o.Succeeded && o.Completed < firstUnknown)
            .OrderBy(o => o.Zxid)];
    }

    private static List<Operation> Rewrite(List<Operation> history, string key, Operation after,
        Func<Operation, Operation> change) =>
        [.. history.Select(o => o.Key == key && o.IsKnown && o != after && o.Zxid >= after.Zxid ? change(o) : o)];
}
