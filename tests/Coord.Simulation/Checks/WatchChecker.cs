using Coord.Simulation.Clients;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// ZooKeeper's promises about watches (raft-design T10, T22): every change of a watched znode is told, before any
/// reply that shows it, and over reconnects too; nothing is told that did not happen.
/// </summary>
internal static class WatchChecker
{
    public static void Check(History history)
    {
        var changes = new Dictionary<string, List<Operation>>(StringComparer.Ordinal);
        var writes = history.Single().Where(o => o.IsWrite && o.MayHaveHappened).ToArray();
        foreach (var write in writes)
        {
            Add(changes, write.Path, write);
            if (write.Kind is OperationKind.Create or OperationKind.Delete)
                Add(changes, $"{ParentOf(write.Path)}/*", write);
        }

        foreach (var watch in history.Watches)
        {
            var key = watch.Subject == WatchSubject.Children ? $"{watch.Path}/*" : watch.Path;
            var relevant = changes.GetValueOrDefault(key) ?? [];
            CheckTold(watch, relevant);
            CheckTrue(watch, relevant);
        }
    }

    // While a client had no event, no reply may have shown it a state behind a change.
    private static void CheckTold(WatchLife watch, List<Operation> changes)
    {
        foreach (var change in changes)
        {
            if (change.Succeeded && change.Zxid > watch.SetAtZxid && change.Zxid <= watch.ShownZxid)
                throw new SimulationFailedException($"a change was shown before its event:\n  {watch}\n  {change}");
        }
    }

    // Registers are never deleted, and no session takes them along: only a set can be behind their events.
    private static void CheckTrue(WatchLife watch, List<Operation> changes)
    {
        var isRegister = watch.Subject == WatchSubject.Data
            && watch.Path.StartsWith(Workload.KeyPath(0)[..^1], StringComparison.Ordinal);
        if (watch.EventType == 0 || !isRegister)
            return;

        var isReal = changes.Exists(c => c.Kind == OperationKind.Set && c.Invoked <= watch.EventAt
            && (!c.IsAnswered || c.Zxid > watch.SetAtZxid));
        if (!isReal)
            throw new SimulationFailedException($"an event of a change that nobody made:\n  {watch}");
    }

    private static void Add(Dictionary<string, List<Operation>> changes, string key, Operation write)
    {
        if (!changes.TryGetValue(key, out var list))
            changes[key] = list = [];

        list.Add(write);
    }

    private static string ParentOf(string path) => path[..path.LastIndexOf('/')];
}
