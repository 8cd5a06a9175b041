namespace Coord.Client;

/// <summary>One change of a cache.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The znode.</param>
/// <param name="Old">As the listener knew it; null for one that was added.</param>
/// <param name="New">As it is in the cache; null for one that was removed.</param>
public sealed record CacheChange(CacheChangeKind Kind, string Path, Znode? Old, Znode? New);
