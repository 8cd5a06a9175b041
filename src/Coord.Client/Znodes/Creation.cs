namespace Coord.Client;

/// <summary>One create as asked for, with everything needed to send it again or to recognise its znode.</summary>
internal sealed class Creation
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly CreateOptions options;

    internal Creation(
        string path, string serverPath, ReadOnlyMemory<byte> bytes, CreateOptions options, IReadOnlyList<AclEntry> acl)
    {
        Path = path;
        Guid = options.Protected ? ProtectedName.NewGuid() : null;
        ServerPath = Guid is null ? serverPath : ProtectedName.Protect(serverPath, Guid);
        Acl = acl;
        this.bytes = bytes;
        this.options = options;
    }

    internal string Path { get; }

    internal string ServerPath { get; }

    internal string ServerParent => ServerPath.LastIndexOf('/') is > 0 and var slash ? ServerPath[..slash] : "/";

    internal IReadOnlyList<AclEntry> Acl { get; }

    internal string? Guid { get; }

    internal CreateParents Parents => options.Parents;

    internal bool IsSequential => options.IsSequential;

    internal bool IsEphemeral => options.IsEphemeral;

    /// <summary>Whether a lost reply is resolved by who owns the znode, and not by its name.</summary>
    internal bool IsKnownByOwner => IsEphemeral && !IsSequential && Guid is null;

    /// <summary>What it asks about its place; null: nothing.</summary>
    internal RankQuestion? Rank => options.Rank;

    internal CreateCall ToCall(long expiresAt, RankQuestion? rank) =>
        new(ServerPath, bytes, options.Mode, Acl, (long)(options.Ttl?.TotalMilliseconds ?? 0), rank)
        {
            ExpiresAt = expiresAt,
        };

    /// <summary>
    /// Whether the znode found after a lost reply counts as made by this call. Equal bytes prove nothing unless so
    /// agreed.
    /// </summary>
    internal bool IsMadeBy(Znode found, long sessionId) => options.IsEphemeral
        ? found.Stat.EphemeralOwner == sessionId
        : (options.Idempotent || options.IfExists == CreateIfExists.SetBytes)
            && found.Stat.Version == 0 && found.Stat.EphemeralOwner == 0
            && found.Bytes.Span.SequenceEqual(bytes.Span);
}
