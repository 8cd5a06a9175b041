namespace FlashSale.Running;

/// <summary>A killed leader.</summary>
/// <param name="Node">Its id.</param>
/// <param name="At">Since the sale's start.</param>
/// <param name="FirstSaleAfter">From the kill to the next acknowledged sale of anybody; null so far.</param>
internal sealed record FailoverRecord(int Node, TimeSpan At, TimeSpan? FirstSaleAfter);
