using Coord.Protocol;

namespace Coord.Client;

/// <summary>One run of a transaction's body: what it read and what it wants written.</summary>
internal sealed class Transaction(ICoordClient coord, TransactOptions options, PathMap paths) : ITransaction
{
    private readonly Dictionary<string, Znode?> reads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChildList> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> absences = new(StringComparer.Ordinal);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly HashSet<string> created = new(StringComparer.Ordinal);
    private readonly List<Action<Multi>> writes = [];
    private bool isOver;

    /// <summary>Whether there is nothing to commit and nothing to check.</summary>
    internal bool IsEmpty => reads.Count == 0 && lists.Count == 0 && writes.Count == 0;

    /// <summary>
    /// Whether the commit was not sent, because the server connected by then does not know what guards it.
    /// </summary>
    internal bool IsGuardUnknown { get; set; }

    public async ValueTask<Znode> GetAsync(string path, CancellationToken ct = default) =>
        await TryGetAsync(path, ct).ConfigureAwait(false) ?? throw new NoNodeException(path);

    public async ValueTask<Znode?> TryGetAsync(string path, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(isOver, typeof(ITransaction));
        ZnodePath.Check(path, nameof(path));
        if (written.Contains(path))
            throw new InvalidOperationException($"This transaction has written {path}: read it before.");
        if (reads.TryGetValue(path, out var known))
            return known;
        var znode = await coord.TryGetAsync(path, null, ct).ConfigureAwait(false);
        if (znode is null)
            await NoteAbsentAsync(path, ct).ConfigureAwait(false);
        reads[path] = znode;
        return znode;
    }

    public async ValueTask<ChildList> GetChildrenAsync(string path, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(isOver, typeof(ITransaction));
        ZnodePath.Check(path, nameof(path));
        if (options.AllowPhantoms)
            return await coord.GetChildrenAsync(path, null, ct).ConfigureAwait(false);
        if (lists.TryGetValue(path, out var known))
            return known;
        if (coord.Session.Epoch == 0)
            await coord.ConnectAsync(ct).ConfigureAwait(false);
        if (!coord.Features.HasCheckChildren)
        {
            throw new InvalidOperationException(
                "Nothing guards a list of children, since the server does not announce check-children: set "
                + "TransactOptions.AllowPhantoms to read one all the same.");
        }

        try
        {
            return lists[path] = await coord.GetChildrenAsync(path, null, ct).ConfigureAwait(false);
        }
        catch (NoNodeException) when (path != "/")
        {
            await NoteAbsentAsync(path, ct).ConfigureAwait(false);
            reads.TryAdd(path, null);
            throw;
        }
    }

    public void Create(
        string path, ReadOnlyMemory<byte> bytes = default, CreateMode mode = CreateMode.Persistent,
        IReadOnlyList<AclEntry>? acl = null)
    {
        // Checked now: the multi that takes it is made after the body.
        coord.CreateMulti().Create(path, bytes, mode, acl);
        if (mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential)
        {
            ObjectDisposedException.ThrowIf(isOver, typeof(ITransaction));
        }
        else
        {
            Note(path);
            if (reads.TryGetValue(path, out var read) && read is not null)
                throw new NodeExistsException(path);
            created.Add(path);
        }

        writes.Add(multi => multi.Create(path, bytes, mode, acl));
    }

    public void Set(string path, ReadOnlyMemory<byte> bytes)
    {
        paths.ToServerForWrite(path, nameof(path));
        Note(path);
        var version = VersionToChange(path);
        writes.Add(multi => multi.Set(path, bytes, version));
    }

    public void Delete(string path)
    {
        paths.ToServerForCreate(path, isSequential: false, nameof(path));
        Note(path);
        var version = VersionToChange(path);
        writes.Add(multi => multi.Delete(path, version));
    }

    /// <summary>The body has ended: nothing is read or written any more.</summary>
    internal void End() => isOver = true;

    /// <summary>Guards first, then the writes in the order of the body.</summary>
    internal Multi ToMulti(bool withWrites)
    {
        var multi = coord.CreateMulti();
        foreach (var (path, znode) in reads)
        {
            if (znode is not null && !(withWrites && written.Contains(path)))
                multi.Check(path, znode.Stat.Version);
        }

        foreach (var (path, list) in lists)
            multi.CheckChildren(path, list.Stat.Cversion);

        var canCheck = coord.Features.HasCheckAbsent;
        foreach (var path in absences.Values.Distinct(StringComparer.Ordinal))
        {
            if (withWrites && created.Contains(path))
                continue;
            // Created and deleted again: fails exactly when something is there (client-sdk.md 8.3).
            _ = canCheck ? multi.CheckAbsent(path) : multi.Create(path).Delete(path);
        }

        if (withWrites)
        {
            foreach (var write in writes)
                write(multi);
        }

        return options.ExactlyOnce ? multi.ExactlyOnce() : multi;
    }

    /// <summary>Whether a failure says that something read has changed, so that the body has to run again.</summary>
    internal bool IsConflict(MultiFailedException failure) =>
        failure.Code is ErrorCode.BadVersion or ErrorCode.NoNode or ErrorCode.NodeExists
        && failure.Path is { } path
        && (reads.ContainsKey(path) || lists.ContainsKey(path) || absences.ContainsValue(path));

    // Where the parent is missing too, its absence is what a create can guard, and it says the same.
    private async ValueTask NoteAbsentAsync(string path, CancellationToken ct)
    {
        var highest = path;
        var parent = ZnodePath.Parent(path);
        while (!coord.Features.HasCheckAbsent && parent != "/"
            && await coord.ExistsAsync(parent, null, ct).ConfigureAwait(false) is null)
        {
            (highest, parent) = (parent, ZnodePath.Parent(parent));
        }

        absences[path] = highest;
    }

    private int? VersionToChange(string path) =>
        !reads.TryGetValue(path, out var read) ? null
        : read is null ? throw new NoNodeException(path) : read.Stat.Version;

    private void Note(string path)
    {
        ObjectDisposedException.ThrowIf(isOver, typeof(ITransaction));
        if (!written.Add(path))
            throw new InvalidOperationException($"This transaction has written {path} before.");
    }
}
