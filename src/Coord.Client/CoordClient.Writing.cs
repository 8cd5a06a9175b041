using Coord.Protocol;

namespace Coord.Client;

/// <content>Writes.</content>
public sealed partial class CoordClient
{
    private const long TtlMaxMs = (1L << 40) - 1;

    /// <inheritdoc/>
    public async ValueTask<CreatedZnode> CreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default) =>
        (await creates.CreateAsync(Check(path, bytes, options), core.Budget(ct), nullIfExists: false)
            .ConfigureAwait(false))!;

    /// <inheritdoc/>
    public ValueTask<CreatedZnode?> TryCreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default) =>
        creates.CreateAsync(Check(path, bytes, options), core.Budget(ct), nullIfExists: true);

    /// <inheritdoc/>
    public async ValueTask<Stat> SetAsync(
        string path, ReadOnlyMemory<byte> bytes, int expectedVersion, CancellationToken ct = default) =>
        (await SetCoreAsync(path, bytes, expectedVersion, nullIfBadVersion: false, ct).ConfigureAwait(false))!.Value;

    /// <inheritdoc/>
    public ValueTask<Stat> SetAsync(
        string path, ReadOnlyMemory<byte> bytes, SetOptions options, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(options);
        var serverPath = paths.ToServerForWrite(path, nameof(path));
        CheckBytes(bytes);
        return writes.OverwriteAsync(path, serverPath, bytes, options.Repeatable, core.Budget(ct));
    }

    /// <inheritdoc/>
    public ValueTask<Stat?> TrySetAsync(
        string path, ReadOnlyMemory<byte> bytes, int expectedVersion, CancellationToken ct = default) =>
        SetCoreAsync(path, bytes, expectedVersion, nullIfBadVersion: true, ct);

    /// <inheritdoc/>
    public ValueTask<Stat> SetAclAsync(
        string path, IReadOnlyList<AclEntry> acl, int expectedAclVersion, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(acl);
        if (expectedAclVersion == -1)
            throw new ArgumentOutOfRangeException(nameof(expectedAclVersion), "Version -1 means any on the wire.");
        var serverPath = paths.ToServerForWrite(path, nameof(path));
        return writes.SetAclAsync(path, serverPath, [.. acl], expectedAclVersion, core.Budget(ct));
    }

    /// <inheritdoc/>
    public async ValueTask<Stat> RaiseChildCounterAsync(string path, long created, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(created);
        var serverPath = paths.ToServer(path, nameof(path));
        await ConnectAsync(ct).ConfigureAwait(false);
        if (!Features.Has(ChildCounterCall.Feature))
            throw new NotSupportedException($"The server does not announce {ChildCounterCall.Feature}.");
        return await writes.RaiseChildCounterAsync(path, serverPath, created, core.Budget(ct)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, DeleteOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServerForCreate(path, isSequential: false, nameof(path));
        if (options?.ExpectedVersion is -1)
            throw new ArgumentOutOfRangeException(nameof(options), "Version -1 means any on the wire: leave it null.");
        return writes.DeleteAsync(path, serverPath, options?.ExpectedVersion, core.Budget(ct));
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTreeAsync(string path, CancellationToken ct = default)
    {
        paths.ToServerForCreate(path, isSequential: false, nameof(path));
        // Children may appear while others are deleted; whoever makes them for ever is not waited for.
        const int RoundsMax = 10;
        for (var round = 1; ; round++)
        {
            try
            {
                await DeleteBelowAsync(path, ct).ConfigureAwait(false);
                await DeleteAsync(path, null, ct).ConfigureAwait(false);
                return;
            }
            catch (NotEmptyException) when (round < RoundsMax)
            {
                // Listed again in the next round.
            }
            catch (NoNodeException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void DeleteEventually(string path, CoordSession? session = null)
    {
        var serverPath = paths.ToServerForCreate(path, isSequential: false, nameof(path));
        if (!core.IsDisposed && session is not { IsLost: true })
            core.Sweeper.Sweep(serverPath, session?.Epoch ?? 0);
    }

    /// <inheritdoc/>
    public Multi CreateMulti()
    {
        ThrowIfDisposed();
        return new Multi(core, paths);
    }

    private async ValueTask DeleteBelowAsync(string path, CancellationToken ct)
    {
        var children = await GetChildrenAsync(path, null, ct).ConfigureAwait(false);
        foreach (var name in children.Names)
        {
            var child = ZnodePath.Combine(path, name);
            try
            {
                await DeleteAsync(child, null, ct).ConfigureAwait(false);
            }
            catch (NotEmptyException)
            {
                await DeleteTreeAsync(child, ct).ConfigureAwait(false);
            }
        }
    }

    private ValueTask<Stat?> SetCoreAsync(
        string path, ReadOnlyMemory<byte> bytes, int expectedVersion, bool nullIfBadVersion, CancellationToken ct)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServerForWrite(path, nameof(path));
        CheckBytes(bytes);
        if (expectedVersion == -1)
            throw new ArgumentOutOfRangeException(
                nameof(expectedVersion), "Version −1 means any on the wire: use SetOptions.");
        return writes.SetAsync(path, serverPath, bytes, expectedVersion, core.Budget(ct), nullIfBadVersion);
    }

    private Creation Check(string path, ReadOnlyMemory<byte> bytes, CreateOptions? options)
    {
        ThrowIfDisposed();
        options ??= CreateOptions.Default;
        var serverPath = paths.ToServerForCreate(path, options.IsSequential, nameof(path));
        CheckBytes(bytes);
        if (!Enum.IsDefined(options.Mode))
            throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "Not a create mode.");
        if (options.HasTtl != options.Ttl.HasValue)
            throw new ArgumentException("A TTL belongs to the TTL modes, and only to them.", nameof(options));
        if (options.Ttl is { } ttl && ttl.TotalMilliseconds is not (>= 1 and <= TtlMaxMs))
            throw new ArgumentOutOfRangeException(nameof(options), ttl, "A TTL has 1 ms to about 34 years.");
        var acl = options.Acl ?? core.Options.DefaultAcl;
        if (acl.Count == 0)
            throw new ArgumentException("An access control list must have an entry.", nameof(options));
        if (!core.HasCredentials && acl.Any(static entry => entry.Scheme == "auth"))
            throw new ArgumentException("An access control list for ourselves needs credentials.", nameof(options));
        return new Creation(path, serverPath, bytes, options, acl);
    }

    private void CheckBytes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > core.Options.MaxBodyBytes)
            throw new ArgumentException(
                $"{bytes.Length} bytes are over MaxBodyBytes ({core.Options.MaxBodyBytes}).", nameof(bytes));
    }
}
