using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Nodes that lost part of their disk (raft-design P21, P30 and BP8).</summary>
internal static class RecoveringBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("damage-cut-silently", "P21, BP8: what stands behind damage is cut, and the node goes on as if whole", 100,
            new PlantedEdit(LogRecovery, "[[markRecovering(why);]] return best is", "")),
        new("recovering-votes", "P30.1: a node votes that may have forgotten its vote", 100,
            new PlantedEdit(VoteRules, "MayVote => [[!state.Recovery.IsUnderWay]]", "true")),
        new("recovering-campaigns", "P30.1: a node campaigns that may have forgotten its vote", 100,
            new PlantedEdit(RaftState, "[[!Recovery.IsUnderWay]] && !Installing", "true")),
        new("recovering-counted", "P30.2: what a recovering node acknowledges is counted", 60,
            new PlantedEdit(CommitRule, "[[state.IsVoterRecovering(voter)]] ? 0", "false")),
        new("recovery-without-commit", "P30.4: a node takes part again before its recovery point is committed", 60,
            new PlantedEdit(Recovery, "LogIndex.Min(state.Commit, state.Log.Durable)", "state.Log.Durable")),
        new("old-match-kept", "R17: what a process acknowledged is taken for what its successor holds", 200,
            new PlantedEdit(LinkRules, "isNewProcess || connected.IsRecovering || link.IsRecovering", "false")),
    ];
}
