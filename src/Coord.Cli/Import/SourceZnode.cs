using Coord.Client;
using Coord.Protocol;

namespace Coord.Cli.Import;

/// <summary>All that the wire shows of a znode, read at nearly the same time.</summary>
internal sealed record SourceZnode(Znode Content, IReadOnlyList<AclEntry> Acl, IReadOnlyList<string> Children)
{
    // What servers show of a digest to who may not administer the znode (zookeeper-protocol 8.5).
    private const string Masked = ":x";

    public Stat Stat => Content.Stat;

    public bool IsEphemeral => Stat.EphemeralOwner != 0;

    public bool HasMaskedAcl => Acl.Any(entry =>
        entry.Scheme == "digest" && entry.Id.EndsWith(Masked, StringComparison.Ordinal));

    /// <summary>Children ever created: <c>cversion</c> counts these and those deleted (zookeeper-protocol 4).</summary>
    /// <remarks>ZooKeeper counts to 2^31, and shows twice that in 32 bits: without a sign it is exact.</remarks>
    public long ChildrenCreated => unchecked((uint)(Stat.Cversion + Stat.NumChildren)) / 2;

    /// <summary>Reads it; null when it is gone, or goes while it is read.</summary>
    public static async Task<SourceZnode?> ReadAsync(Endpoint endpoint, string path, CancellationToken ct)
    {
        try
        {
            return await endpoint.AskAsync(path, () => ReadAsync(endpoint.Client, path, ct)).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    // Most znodes are leaves: their children need not be asked for.
    private static async Task<SourceZnode?> ReadAsync(CoordClient client, string path, CancellationToken ct)
    {
        var reading = client.TryGetAsync(path, ct: ct).AsTask();
        var acl = client.GetAclAsync(path, ct).AsTask();
        await Task.WhenAll(reading, acl).ConfigureAwait(false);
        if (await reading.ConfigureAwait(false) is not { } content)
            return null;
        IReadOnlyList<string> children = content.Stat.NumChildren == 0
            ? []
            : (await client.GetChildrenAsync(path, ct: ct).ConfigureAwait(false)).Names;
        return new SourceZnode(content, (await acl.ConfigureAwait(false)).Acl, children);
    }
}
