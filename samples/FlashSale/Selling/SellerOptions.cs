namespace FlashSale.Selling;

/// <summary>What a seller's process is told on its command line.</summary>
internal sealed record SellerOptions(
    string Hosts, int Number, string JournalPath, double UnitsPerSecond, bool PlantDoubleSale);
