namespace Coord.Client.Recipes;

/// <summary>A stock as it was at one moment.</summary>
/// <param name="Total">Units ever put in, less those taken out.</param>
/// <param name="Sold">Units of reservations that were committed.</param>
/// <param name="Reserved">Units of live reservations; of durable ones also those that expired and were not needed
/// since.</param>
public readonly record struct StockState(long Total, long Sold, long Reserved)
{
    /// <summary>What can be reserved.</summary>
    public long Free => Total - Sold - Reserved;
}
