namespace Coord.Node.Clients;

/// <summary>What the settings say about who clients are, and whom this node serves (zookeeper-protocol 8).</summary>
internal sealed record ClientAccess
{
    /// <summary>No super user, and everybody is served.</summary>
    public static ClientAccess Open { get; } = new();

    /// <summary>
    /// The super user as <c>super:base64(sha1(super:password))</c>; null where there is none (protocol 8.4).
    /// </summary>
    public string? SuperDigest { get; init; }

    /// <summary>The subject of the certificate whose owner may do everything; null where there is none.</summary>
    public string? X509SuperUser { get; init; }

    /// <summary>
    /// A connection without an identity of one of these schemes gets nothing but auth; none: everybody is served
    /// (protocol 8.6).
    /// </summary>
    public IReadOnlyList<string> EnforcedSchemes { get; init; } = [];

    /// <summary>
    /// The names this cluster goes by, for clients that say whom they mean to talk to; null: nobody is asked, and
    /// scheme <c>ensemble</c> is unknown.
    /// </summary>
    public IReadOnlyList<string>? EnsembleNames { get; init; }
}
