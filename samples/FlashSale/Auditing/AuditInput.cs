using FlashSale.Selling;
using FlashSale.Shop;

namespace FlashSale.Auditing;

/// <summary>Both sides of the books: what the cluster's tree says, and what the journals say.</summary>
internal sealed record AuditInput
{
    public required int Units { get; init; }

    public required int Sellers { get; init; }

    public required int FailoversMin { get; init; }

    public required long StockLeft { get; init; }

    public required BookHead Book { get; init; }

    public required IReadOnlyList<Order> Orders { get; init; }

    public required IReadOnlyList<JournalLine> Journal { get; init; }
}
