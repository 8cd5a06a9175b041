namespace Coord.JepsenLike.Faults;

/// <summary>Every fault there is, by nemesis.</summary>
internal static class FaultCatalog
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. ProcessFaults.All,
        .. LinkFaults.All,
        .. PartitionFaults.All,
        .. FlappingFaults.All,
        .. LossFaults.All,
        .. SlowFaults.All,
        .. ClockFaults.All,
        .. MemberFaults.All,
        .. RollingFaults.All,
        .. StormFaults.All,
        .. DiskFaults.All,
        .. PowerFaults.All,
        .. CorruptionFaults.All,
    ];

    public static IReadOnlyList<string> Nemeses { get; } = [.. All.Select(fault => fault.Nemesis).Distinct()];

    public static IReadOnlyList<Fault> Of(IReadOnlyCollection<string> nemeses) =>
        [.. All.Where(fault => nemeses.Contains(fault.Nemesis))];
}
