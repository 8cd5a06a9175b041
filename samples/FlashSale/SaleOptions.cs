namespace FlashSale;

/// <summary>What the command line decides about a sale.</summary>
internal sealed record SaleOptions
{
    public const int DefaultUnits = 10_000;
    public const int DefaultSellers = 8;

    public int Units { get; init; } = DefaultUnits;

    public int Sellers { get; init; } = DefaultSellers;

    /// <summary>The sale does not end before so many leaders were killed.</summary>
    public int FailoversMin { get; init; } = 3;

    /// <summary>From one kill to the next; later when a seller has not sold since, or a node is not back yet.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>First of the cluster's client ports, peers 100 and admin ports 200 above; null for free ones.</summary>
    public int? FirstPort { get; init; }

    /// <summary>A script with the verbs of deploy/local-cluster.sh; null for that one.</summary>
    public string? Launcher { get; init; }

    /// <summary>
    /// Where cluster, journals and logs go; null for a temporary folder, removed after a sale that passed.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>A sale that is not over by then has failed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Seller 1 sells one order number to two customers: the audit must find it.</summary>
    public bool PlantDoubleSale { get; init; }

    /// <summary>
    /// Held back until the failovers have happened, so that every interval between them has something to sell.
    /// </summary>
    public int ReserveUnits => Units / 4;

    /// <summary>
    /// Units a second of all sellers together: what is not reserved lasts for the failovers and one more.
    /// </summary>
    public double Pace => (Units - ReserveUnits) / (KillEvery.TotalSeconds * (FailoversMin + 1));
}
