namespace Coord.Client.Recipes;

/// <summary>One change of a stock, recognised by its tag however often it has to be sent.</summary>
internal sealed class StockWrite(ulong tag)
{
    internal ulong Tag => tag;

    /// <summary>The count of changes before the first copy whose outcome is not known; null: there is none.</summary>
    internal long? UnknownSince { get; set; }

    /// <summary>What is known of the copies sent, by a root read after them.</summary>
    internal Outcome Judge(StockBytes now) =>
        now.Writes.Holds(tag) ? Outcome.Applied
        : UnknownSince is not { } since || now.Changes - since <= now.Writes.Count ? Outcome.NotApplied
        : Outcome.Unknown;
}
