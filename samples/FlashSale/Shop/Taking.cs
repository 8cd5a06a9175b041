namespace FlashSale.Shop;

/// <summary>What came of taking units out of stock.</summary>
/// <param name="Units">Taken, or possibly taken; zero when only the reserve is left.</param>
/// <param name="IsInDoubt">The counter cannot tell any more whether the units were taken.</param>
internal readonly record struct Taking(int Units, bool IsInDoubt);
