using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// What a body of <see cref="ICoordClient.TransactAsync"/> works with: reads whose versions are remembered, and writes
/// that happen at the end, all or none. Not thread-safe, and dead once the body has ended.
/// </summary>
/// <remarks>
/// Reads show the tree, never the writes of this transaction; each path is written once. What is read in one run of the
/// body need not belong together until the commit has said so.
/// </remarks>
public interface ITransaction
{
    /// <summary>Reads a znode; the commit requires that it has not changed since.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode; the same at every call.</returns>
    /// <exception cref="NoNodeException">There is none. The commit requires that this stays so.</exception>
    /// <exception cref="InvalidOperationException">This transaction has written it.</exception>
    ValueTask<Znode> GetAsync(string path, CancellationToken ct = default);

    /// <summary>As <see cref="GetAsync"/>, with null for an absent znode, whose absence the commit requires.</summary>
    /// <param name="path">Absolute, not the root.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode or null; the same at every call.</returns>
    /// <exception cref="InvalidOperationException">This transaction has written it.</exception>
    ValueTask<Znode?> TryGetAsync(string path, CancellationToken ct = default);

    /// <summary>
    /// Reads the names of children; the commit requires that none has come or gone since, which takes a server that
    /// announces <c>check-children</c>. With <see cref="TransactOptions.AllowPhantoms"/> nothing guards the list.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The list; where it is guarded, the same at every call.</returns>
    /// <exception cref="InvalidOperationException">The server cannot guard it, and
    /// <see cref="TransactOptions.AllowPhantoms"/> is off.</exception>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    ValueTask<ChildList> GetChildrenAsync(string path, CancellationToken ct = default);

    /// <summary>Creates a znode at the commit.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged; must not change until the transaction has ended.</param>
    /// <param name="mode">Kind of znode; no TTL mode.</param>
    /// <param name="acl">Null: <see cref="CoordClientOptions.DefaultAcl"/>.</param>
    /// <exception cref="NodeExistsException">The body has read that it exists.</exception>
    /// <exception cref="ArgumentException">An argument is wrong.</exception>
    /// <exception cref="InvalidOperationException">This transaction has written it.</exception>
    void Create(
        string path, ReadOnlyMemory<byte> bytes = default, CreateMode mode = CreateMode.Persistent,
        IReadOnlyList<AclEntry>? acl = null);

    /// <summary>Replaces the bytes at the commit: of the version read, of any version if it was not read.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged; must not change until the transaction has ended.</param>
    /// <exception cref="NoNodeException">The body has read that it is absent.</exception>
    /// <exception cref="ArgumentException">An argument is wrong.</exception>
    /// <exception cref="InvalidOperationException">This transaction has written it.</exception>
    void Set(string path, ReadOnlyMemory<byte> bytes);

    /// <summary>Deletes a znode at the commit: of the version read, of any version if it was not read.</summary>
    /// <param name="path">Absolute, not the root.</param>
    /// <exception cref="NoNodeException">The body has read that it is absent.</exception>
    /// <exception cref="ArgumentException">The path is wrong.</exception>
    /// <exception cref="InvalidOperationException">This transaction has written it.</exception>
    void Delete(string path);
}
