namespace Coord.Client;

/// <summary>One slot of <see cref="Receipts"/>.</summary>
internal sealed class Receipt(int slot)
{
    internal int Slot { get; } = slot;

    /// <summary>The session its znode belongs to; 0: it has none.</summary>
    internal long Epoch { get; set; }

    internal string Path { get; set; } = string.Empty;

    internal string ServerPath { get; set; } = string.Empty;
}
