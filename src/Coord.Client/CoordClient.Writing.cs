using Coord.Protocol;

namespace Coord.Client;

/// <content>Writes.</content>
public sealed partial class CoordClient
{
    private const long TtlMaxMs = (1L << 40) - 1;
    private const int SetAttemptsMax = 10;

    /// <inheritdoc/>
    public ValueTask<CreatedZnode> CreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default)
    {
        var budget = core.Begin("create", ct);
        return budget.Run(CreateAsync(path, bytes, options, budget));
    }

    /// <inheritdoc/>
    public ValueTask<CreatedZnode?> TryCreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default)
    {
        if (options?.IfExists == CreateIfExists.SetBytes)
            throw new ArgumentException("A create that sets what exists does not fail for it.", nameof(options));
        var creation = Check(path, bytes, options);
        var budget = core.Begin("create", ct);
        return budget.Run(creates.CreateAsync(creation, budget, nullIfExists: true));
    }

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
        var budget = core.Begin("set", ct);
        return budget.Run(writes.OverwriteAsync(path, serverPath, bytes, options.Repeatable, budget));
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
        var budget = core.Begin("set_acl", ct);
        return budget.Run(writes.SetAclAsync(path, serverPath, [.. acl], expectedAclVersion, budget));
    }

    /// <inheritdoc/>
    public ValueTask<Stat> RaiseChildCounterAsync(string path, long created, CancellationToken ct = default)
    {
        var budget = core.Begin("raise_child_counter", ct);
        return budget.Run(RaiseChildCounterAsync(path, created, budget));
    }

    /// <summary>
    /// Adds to the number that a znode holds, exactly once, on servers that announce <c>counter-add</c>.
    /// </summary>
    /// <returns>Null: the server does not announce it, and nothing was sent.</returns>
    internal ValueTask<CounterAddResponse?> TryAddToCounterAsync(
        string path, long initial, ulong tag, IReadOnlyList<CounterAdd> adds, TimeSpan patience, CancellationToken ct)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServerForWrite(path, nameof(path));
        var call = new CounterAddCall(serverPath, initial, tag, adds, core.Keeper);
        // Where it cannot be sent there is no call to be measured.
        var budget = call.IsKnownTo(Features) ? core.Begin("counter_add", ct) : core.Budget(ct);
        return budget.Run(new CounterAdds(core).AddAsync(call, path, patience, budget));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, DeleteOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServerForCreate(path, isSequential: false, nameof(path));
        if (options?.ExpectedVersion is -1)
            throw new ArgumentOutOfRangeException(nameof(options), "Version -1 means any on the wire: leave it null.");
        var budget = core.Begin("delete", ct);
        return budget.Run(writes.DeleteAsync(path, serverPath, options?.ExpectedVersion, budget));
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTreeAsync(
        string path, DeleteTreeOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        paths.ToServerForCreate(path, isSequential: false, nameof(path));
        // Children may appear while others are deleted; whoever makes them for ever is not waited for.
        const int RoundsMax = 10;
        for (var round = 1; ; round++)
        {
            try
            {
                await DeleteBelowAsync(path, ct).ConfigureAwait(false);
                if (options?.KeepRoot != true)
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

    /// <inheritdoc/>
    public ValueTask<TResult> TransactAsync<TResult>(
        Func<ITransaction, CancellationToken, ValueTask<TResult>> body, TransactOptions? options = null,
        CancellationToken ct = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(body);
        options ??= new TransactOptions();
        if (options.MaxAttempts is not (>= 1 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxAttempts, "1 to 1000 attempts.");
        return new Transactions(this, paths).RunAsync(body, options, ct);
    }

    private async ValueTask<CreatedZnode> CreateAsync(
        string path, ReadOnlyMemory<byte> bytes, CreateOptions? options, CallBudget budget)
    {
        var creation = Check(path, bytes, options);
        var overwrites = options?.IfExists == CreateIfExists.SetBytes;
        // Whoever is there may go again between the create and the set, but not for ever.
        for (var attempt = 1; ; attempt++)
        {
            var isLast = attempt == SetAttemptsMax;
            var made = await creates.CreateAsync(creation, budget, nullIfExists: overwrites && !isLast)
                .ConfigureAwait(false);
            if (made is not null)
                return made;
            try
            {
                var set = await writes.OverwriteAsync(path, creation.ServerPath, bytes, false, budget)
                    .ConfigureAwait(false);
                return new CreatedZnode(path, set);
            }
            catch (NoNodeException)
            {
                // Created in the next round.
            }
        }
    }

    private async ValueTask<Stat> RaiseChildCounterAsync(string path, long created, CallBudget budget)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(created);
        var serverPath = paths.ToServer(path, nameof(path));
        await core.ConnectAsync(budget).ConfigureAwait(false);
        if (!Features.Has(ChildCounterCall.Feature))
            throw new NotSupportedException($"The server does not announce {ChildCounterCall.Feature}.");
        return await writes.RaiseChildCounterAsync(path, serverPath, created, budget).ConfigureAwait(false);
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
                await DeleteTreeAsync(child, null, ct).ConfigureAwait(false);
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
        var budget = core.Begin("set", ct);
        return budget.Run(writes.SetAsync(path, serverPath, bytes, expectedVersion, budget, nullIfBadVersion));
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
        if (!Enum.IsDefined(options.Parents))
            throw new ArgumentOutOfRangeException(nameof(options), options.Parents, "Not a way to make parents.");
        if (!Enum.IsDefined(options.IfExists))
            throw new ArgumentOutOfRangeException(nameof(options), options.IfExists, "Fail or SetBytes.");
        if (options.IfExists == CreateIfExists.SetBytes
            && (options.IsSequential || options.IsEphemeral || options.Protected))
        {
            throw new ArgumentException("Only a persistent znode of a fixed name is set if there.", nameof(options));
        }

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
