using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>The changes of which a persistent watch tells, as its events name them.</summary>
internal sealed class ToldChanges
{
    private readonly bool isRecursive;
    private readonly ILookup<(string Key, WatchEventType Type), long> unknown;
    private readonly long firstUnknown;

    /// <param name="writes">Whatever was asked of the children, and came to something or may have.</param>
    /// <param name="added">The addWatch.</param>
    public ToldChanges(IEnumerable<Operation> writes, Operation added)
    {
        isRecursive = (WatchList)added.Amount == WatchList.Recursive;
        var told = writes.Where(o => o.IsWrite && (isRecursive || o.Kind != OperationKind.Set)).ToList();
        Known = [.. told.Where(o => o.Succeeded).OrderBy(o => o.Zxid)];
        unknown = told.Where(o => !o.IsKnown).ToLookup(EventOf, o => o.Invoked);
        firstUnknown = told.Where(o => !o.IsKnown).Select(o => o.Invoked).Append(Operation.Never).Min();
    }

    /// <summary>By zxid.</summary>
    public IReadOnlyList<Operation> Known { get; }

    /// <summary>Whether every change until then is known.</summary>
    public bool AreKnownUntil(long time) => firstUnknown > time;

    /// <summary>The znode that an event of this change names, and its type.</summary>
    public (string Key, WatchEventType Type) EventOf(Operation change) => isRecursive
        ? (change.Key, WatchRules.TypeOf(change.Kind))
        : (Family.ParentOf(change.Key), WatchEventType.ChildrenChanged);

    /// <summary>Writes begun by then of which nobody knows, that would be told in these words.</summary>
    public int UnknownOf((string Key, WatchEventType Type) told, long until) =>
        unknown[told].Count(invoked => invoked <= until);
}
