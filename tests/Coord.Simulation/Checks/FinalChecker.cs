using System.Globalization;
using Coord.Simulation.Clients;
using Coord.Simulation.Nodes;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// When all is quiet: equal states, nothing acknowledged is missing, ephemerals live as long as their session, no
/// number was given twice.
/// </summary>
internal static class FinalChecker
{
    private const int NoNode = -101;

    public static void Check(
        History history, IReadOnlyList<SimulatedClient> clients, IReadOnlyList<SimulatedNode> nodes)
    {
        CheckStates(nodes);
        CheckRegisters(history);
        var alive = clients.Select(c => c.Session.Number).ToHashSet();
        CheckOwned(history, alive);
        CheckQueue(history, alive);
    }

    private static void CheckStates(IReadOnlyList<SimulatedNode> nodes)
    {
        var first = nodes[0].Replica!.Tree;
        foreach (var node in nodes)
        {
            var tree = node.Replica!.Tree;
            if (tree.AppliedIndex != first.AppliedIndex || tree.RollingDigest != first.RollingDigest
                || tree.ContentHash() != first.ContentHash())
                throw new SimulationFailedException($"in the end nodes {nodes[0].Id} and {node.Id} differ");
        }
    }

    private static void CheckRegisters(History history)
    {
        foreach (var register in history.Single().Where(o => o.Kind is OperationKind.Set or OperationKind.Get)
            .GroupBy(o => o.Path))
        {
            var newest = register.Where(o => o is { Kind: OperationKind.Set, Succeeded: true }).MaxBy(o => o.Zxid);
            var read = register.Last(o => o.Kind == OperationKind.Get);
            if (newest is not null && (!read.Succeeded || read.Stat.Mzxid < newest.Zxid))
                throw new SimulationFailedException($"an acknowledged write is lost:\n  {newest}\n  {read}");
        }
    }

    private static void CheckOwned(History history, HashSet<int> alive)
    {
        foreach (var group in history.Operations.Where(o => o.Path.StartsWith("/own-", StringComparison.Ordinal))
            .GroupBy(o => o.Path))
        {
            var create = group.First(o => o.Kind == OperationKind.Create);
            var end = group.Last(o => o.Kind == OperationKind.Exists && o.SyncedSince >= 0);
            var session = history.Sessions[create.SessionNumber];
            var isDeleted = group.Any(o => o is { Kind: OperationKind.Delete, MayHaveHappened: true });
            var isGone = end.Error == NoNode;
            if (create.Request.IsEphemeral && !isGone && !alive.Contains(session.Number))
                throw new SimulationFailedException($"an ephemeral outlives its session:\n  {create}\n  {end}");

            if (create.Succeeded && !isDeleted && MustLive(create, alive) && isGone)
                throw new SimulationFailedException($"an acknowledged znode is lost:\n  {create}\n  {end}");

            CheckLife(group, session, isDeleted);
        }
    }

    // An ephemeral is there as long as its session, and not a moment longer: a read that shows it gone while its
    // session was proven alive later, or shows it after the end was answered, is wrong.
    private static void CheckLife(IEnumerable<Operation> operations, SessionLife session, bool isDeleted)
    {
        var create = operations.First(o => o.Kind == OperationKind.Create);
        if (!create.Request.IsEphemeral)
            return;

        foreach (var read in operations.Where(o => o.Kind == OperationKind.Exists && o.IsAnswered))
        {
            if (read.Succeeded && session.IsCloseAnswered && read.Zxid > session.CloseZxid)
                throw new SimulationFailedException($"an ephemeral outlives its session:\n  {create}\n  {read}");

            var wasAlive = read.Completed < session.ProvenAliveAt && create.Succeeded && create.Zxid <= read.Zxid;
            if (read.Error == NoNode && wasAlive && !isDeleted)
                throw new SimulationFailedException($"an ephemeral is gone before its session:\n  {create}\n  {read}");
        }
    }

    private static void CheckQueue(History history, HashSet<int> alive)
    {
        var creations = history.Operations.Where(o => o.Request.IsSequential && o.Succeeded)
            .OrderBy(o => o.Zxid).ToArray();
        Operation? before = null;
        foreach (var creation in creations)
        {
            if (before is not null && NumberOf(creation) <= NumberOf(before))
                throw new SimulationFailedException($"numbers do not grow with the zxid:\n  {before}\n  {creation}");

            before = creation;
        }

        var list = history.Operations.Last(o => o.Kind == OperationKind.Children);
        var names = list.Names.Select(n => $"{Workload.Queue}/{n}").ToHashSet(StringComparer.Ordinal);
        var deleted = history.Operations.Where(o => o is { Kind: OperationKind.Delete, MayHaveHappened: true })
            .Select(o => o.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var creation in creations)
        {
            var isThere = names.Contains(creation.Path);
            if (!isThere && !deleted.Contains(creation.Path) && MustLive(creation, alive))
                throw new SimulationFailedException($"an acknowledged znode is lost:\n  {creation}\n  {list}");

            if (isThere && creation.Request.IsEphemeral && !alive.Contains(creation.SessionNumber))
                throw new SimulationFailedException($"an ephemeral outlives its session:\n  {creation}\n  {list}");
        }
    }

    private static bool MustLive(Operation create, HashSet<int> alive) =>
        !create.Request.IsEphemeral || alive.Contains(create.SessionNumber);

    private static long NumberOf(Operation creation) =>
        long.Parse(creation.Path.AsSpan(creation.Path.Length - 10), CultureInfo.InvariantCulture);
}
