using Coord.Simulation.Clients;
using Coord.Simulation.Nodes;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// When all is quiet: equal states, nothing acknowledged is missing, ephemerals live as long as their session.
/// </summary>
internal static class FinalChecker
{
    private const int NoNode = -101;

    public static void Check(
        History history, IReadOnlyList<SimulatedClient> clients, IReadOnlyList<SimulatedNode> nodes)
    {
        CheckStates(nodes);
        CheckRegisters(history);
        CheckOwned(history, clients.Select(c => c.Session.Number).ToHashSet());
    }

    private static void CheckStates(IReadOnlyList<SimulatedNode> nodes)
    {
        var first = nodes[0].Replica!.Tree;
        foreach (var node in nodes)
        {
            var tree = node.Replica!.Tree;
            if (tree.AppliedIndex != first.AppliedIndex || tree.RollingDigest != first.RollingDigest
                || tree.ContentHash() != first.ContentHash())
                throw new SimulationFailedException($"in the end nodes 1 and {node.Id} differ");
        }
    }

    private static void CheckRegisters(History history)
    {
        foreach (var path in history.Operations.Where(o => o.Kind == OperationKind.Set).Select(o => o.Path).Distinct())
        {
            var newest = history.Operations
                .Where(o => o.Path == path && o is { Kind: OperationKind.Set, Succeeded: true })
                .MaxBy(o => o.Zxid);
            var read = history.Operations.Last(o => o.Path == path && o.Kind == OperationKind.Get);
            if (newest is null)
                continue;

            if (!read.Succeeded || read.Stat.Mzxid < newest.Zxid)
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
            if (create.IsEphemeral && !isGone && (session.IsCloseAnswered || session.IsRefused))
                throw new SimulationFailedException($"an ephemeral outlives its session:\n  {create}\n  {end}");

            var mustLive = !create.IsEphemeral || alive.Contains(create.SessionNumber);
            if (create.Succeeded && !isDeleted && mustLive && isGone)
                throw new SimulationFailedException($"an acknowledged znode is lost:\n  {create}\n  {end}");
        }
    }
}
