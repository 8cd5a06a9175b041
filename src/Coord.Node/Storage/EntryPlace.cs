namespace Coord.Node.Storage;

/// <summary>Where an entry stands in an encoded batch, and the checksum of the frame before it.</summary>
/// <param name="Item">Number of the append within the batch.</param>
/// <param name="Index">The entry's index.</param>
/// <param name="Offset">Position within the batch.</param>
/// <param name="PreviousCrc">Where the chain stands before the entry.</param>
internal readonly record struct EntryPlace(int Item, long Index, int Offset, uint PreviousCrc);
