namespace Coord.StateMachine.Tests;

/// <summary>
/// Index, time, session, identities and flags of a request for the naive model, and the sessions that live.
/// </summary>
internal sealed record ModelContext(
    long Zxid, long TimeMs, long Session, IReadOnlyList<(string Scheme, string Id)> Identities,
    EntryFlags Flags, IReadOnlyCollection<long> Sessions)
{
    /// <summary>Whether a list gives the permission with this bit; the rules for ip know the /8 of the tests.</summary>
    public bool May(int permission, IEnumerable<(int Permissions, string? Scheme, string? Id)> acl) =>
        Identities.Any(identity => identity.Scheme == "super")
        || acl.Any(entry => (entry.Permissions & permission) != 0 && (entry.Scheme == "world" || Identities.Any(
            identity => identity.Scheme == entry.Scheme && (identity.Id == entry.Id
                || (entry.Id!.EndsWith("/8", StringComparison.Ordinal)
                    && identity.Id.Split('.')[0] == entry.Id.Split('.')[0])))));
}
