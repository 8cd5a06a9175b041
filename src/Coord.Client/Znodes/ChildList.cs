using Coord.Protocol;

namespace Coord.Client;

/// <summary>The children of a znode.</summary>
/// <param name="Names">Names without the parent's path, in no particular order. The list belongs to the caller.</param>
/// <param name="Stat">Metadata of the parent at the same moment.</param>
public sealed record ChildList(IReadOnlyList<string> Names, Stat Stat);
