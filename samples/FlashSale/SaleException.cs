namespace FlashSale;

/// <summary>The sale cannot go on; the message is for whoever started it.</summary>
internal sealed class SaleException(string message) : Exception(message);
