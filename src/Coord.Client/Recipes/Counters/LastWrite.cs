namespace Coord.Client.Recipes;

/// <summary>A write as it stays in the znode.</summary>
/// <param name="Tag">By which it is recognised.</param>
/// <param name="ValueBefore">The number that it found: a counter's value, a stock's count of changes.</param>
/// <param name="MzxidBefore">The znode's mzxid that it found: of the write before it.</param>
internal readonly record struct LastWrite(ulong Tag, long ValueBefore, long MzxidBefore);
