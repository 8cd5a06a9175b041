using Coord.Protocol;

namespace Coord.Client;

/// <summary>An access control list as it was read.</summary>
/// <param name="Acl">The list, in the server's order.</param>
/// <param name="Stat">Metadata of the znode at the same moment.</param>
public sealed record AclAndStat(IReadOnlyList<AclEntry> Acl, Stat Stat);
