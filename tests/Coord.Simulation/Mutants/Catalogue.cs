namespace Coord.Simulation.Mutants;

/// <summary>All planted bugs: the tables of raft-design section 14, where this engine could have them.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        .. ElectionBugs.All,
        .. CommitBugs.All,
        .. ReplicationBugs.All,
        .. DurabilityBugs.All,
        .. SnapshotBugs.All,
        .. ReadBugs.All,
        .. ApplyBugs.All,
        .. RecoveringBugs.All,
        .. MembershipBugs.All,
    ];
}
