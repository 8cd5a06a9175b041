using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// One-shot watches, left by getData, exists and getChildren: each fires exactly once, for the first change after the
/// read that left it and by that change's type, before any reply on its connection that could show that change, and
/// never before the data: no later reply there is from before it (raft-design T22). Events come in the order of their
/// changes. What fires while the client is not connected comes when it asks for its watches again.
/// </summary>
internal static class WatchRules
{
    /// <summary>Events that setWatches produces name no transaction, nor do those of ZooKeeper 3.8.</summary>
    public const long NoZxid = -1;

    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var changes = history.Where(o => o.IsWrite).SelectMany(Changed).GroupBy(one => one.Key)
            .ToDictionary(key => key.Key, key => new KeyChanges(key.Select(one => one.Write)));
        var watching = history.Where(o => o.Kind is OperationKind.WatchedRead or OperationKind.Event)
            .Select(o => o.Session).Except(PersistentWatchRules.Sessions(history)).ToHashSet();
        foreach (var session in history.Where(o => o.IsKnown && watching.Contains(o.Session)).GroupBy(o => o.Session))
            new WatcherRules(changes, findings).Check(session.OrderBy(o => o.Completed));
    }

    /// <summary>What fires watches of these znodes; a change of a child's data is none of its parent's.</summary>
    private static IEnumerable<(string Key, Operation Write)> Changed(Operation write)
    {
        yield return (write.Key, write);
        if (Family.IsChild(write.Key) && write.Kind != OperationKind.Set)
            yield return (Family.ParentOf(write.Key), write);
    }

    /// <summary>By which a watch of the znode itself is told of a change.</summary>
    public static WatchEventType TypeOf(OperationKind change) => change switch
    {
        OperationKind.Create => WatchEventType.Created,
        OperationKind.Delete => WatchEventType.Deleted,
        _ => WatchEventType.DataChanged,
    };
}
