namespace Coord.StateMachine;

/// <summary>Who asks: what ACLs are checked against.</summary>
/// <param name="identities">
/// What the connection has shown, encoded as entries carry it: <c>vec&lt;{str scheme, str id}&gt;</c>, may be empty.
/// </param>
/// <param name="isUnchecked">ACLs do not matter to this caller: the node itself, or <c>skipACL</c>.</param>
public readonly ref struct Caller(ReadOnlySpan<byte> identities, bool isUnchecked)
{
    private readonly ReadOnlySpan<byte> _identities = identities;
    private readonly bool _isUnchecked = isUnchecked;

    /// <summary>The node itself, which may everything.</summary>
    public static Caller Node => new(default, isUnchecked: true);

    internal ReadOnlySpan<byte> Identities => _identities;

    /// <summary>Whether the list with this number gives the caller a permission.</summary>
    internal bool May(AclTable acls, int acl, Permission permission) =>
        acl == AclTable.Open || May(acls.Encoded(acl), permission);

    /// <summary>Whether a list gives the caller a permission.</summary>
    internal bool May(ReadOnlySpan<byte> encodedAcl, Permission permission) =>
        _isUnchecked || AclCheck.Allows(encodedAcl, _identities, (int)permission);
}
