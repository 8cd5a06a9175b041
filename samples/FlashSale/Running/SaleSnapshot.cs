namespace FlashSale.Running;

/// <summary>The state of the sale at one moment, for a display.</summary>
internal sealed record SaleSnapshot(
    string Stage,
    TimeSpan Elapsed,
    int Units,
    IReadOnlyList<int> Sold,
    IReadOnlyList<int> SoldSinceFailover,
    double Rate,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<FailoverRecord> Failovers,
    TimeSpan LongestPause,
    int DoubtfulUnits)
{
    public int SoldTotal => Sold.Sum();

    /// <summary>The leading node's id, or null while there is none.</summary>
    public int? Leader => Roles.Contains(NodeRole.Leader) ? Roles.ToList().IndexOf(NodeRole.Leader) + 1 : null;
}
