using Coord.Protocol;

namespace Coord.Client;

/// <summary>How a znode is created.</summary>
public sealed record CreateOptions
{
    /// <summary>Kind of znode. Default <see cref="CreateMode.Persistent"/>.</summary>
    public CreateMode Mode { get; init; }

    /// <summary>Access control list; null: <see cref="CoordClientOptions.DefaultAcl"/>.</summary>
    public IReadOnlyList<AclEntry>? Acl { get; init; }

    /// <summary>Whether missing parents are made. Default <see cref="CreateParents.None"/>.</summary>
    public CreateParents Parents { get; init; }

    /// <summary>
    /// Life of a TTL znode without children and changes, 1 ms to about 34 years; for the two TTL modes only.
    /// </summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>
    /// What happens when the path is taken. Default <see cref="CreateIfExists.Fail"/>. After a lost reply
    /// <see cref="CreateIfExists.SetBytes"/> takes a znode of version 0 with equal bytes for its own, as
    /// <see cref="Idempotent"/>.
    /// </summary>
    public CreateIfExists IfExists { get; init; }

    /// <summary>
    /// After a lost reply, a persistent znode of version 0 with equal bytes counts as made by this call. Only for
    /// callers to whom it does not matter who made it. Default false.
    /// </summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Puts a GUID in front of the name (<c>_c_guid-name</c>, as Curator) so that a lost reply is always resolved
    /// exactly. Default false.
    /// </summary>
    public bool Protected { get; init; }

    /// <summary>What else to ask, where the server answers it (create-rank); null: nothing.</summary>
    internal RankQuestion? Rank { get; init; }

    internal static CreateOptions Default { get; } = new();

    internal bool IsSequential =>
        Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential
            or CreateMode.PersistentSequentialWithTtl;

    internal bool IsEphemeral => Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;

    internal bool HasTtl => Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
}
