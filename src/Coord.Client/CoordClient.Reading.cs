using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <content>Reads and waits.</content>
public sealed partial class CoordClient
{
    /// <inheritdoc/>
    public async ValueTask<Znode> GetAsync(string path, ReadOptions? options = null, CancellationToken ct = default) =>
        await TryGetAsync(path, options, ct).ConfigureAwait(false) ?? throw new NoNodeException(path);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Znode?> TryGetAsync(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new GetCall(serverPath, path) { ExpiresAt = budget.ExpiresAt }, path, options, core.Budget(ct))
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value
            : reply.Is(ErrorCode.NoNode) ? null
            : throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Stat?> ExistsAsync(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new ExistsCall(serverPath) { ExpiresAt = budget.ExpiresAt }, path, options, core.Budget(ct))
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value
            : reply.Is(ErrorCode.NoNode) ? null
            : throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ChildList> GetChildrenAsync(
        string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new ChildrenCall(serverPath) { ExpiresAt = budget.ExpiresAt }, path, options, core.Budget(ct))
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value! : throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<AclAndStat> GetAclAsync(string path, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var budget = core.Budget(ct);
        var reply = await core.Send(new GetAclCall(serverPath) { ExpiresAt = budget.ExpiresAt }, ct)
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value! : throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
    }

    /// <inheritdoc/>
    public async ValueTask SyncAsync(string path = "/", CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var budget = core.Budget(ct);
        var reply = await core.Send(new SyncCall(serverPath) { ExpiresAt = budget.ExpiresAt }, ct)
            .ConfigureAwait(false);
        if (!reply.IsOk)
            throw Failure.Of(reply, ReplyKind.Sync, path, core, ct);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> WatchAsync(
        string path, WatchScope scope = WatchScope.Node, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        return scope switch
        {
            WatchScope.Node => streams.WatchNodeAsync(path, serverPath, ct),
            WatchScope.Children => streams.WatchChildrenAsync(path, serverPath, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Node or Children."),
        };
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Znode?> FollowAsync(string path, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        return streams.FollowAsync(path, paths.ToServer(path, nameof(path)), ct);
    }

    /// <inheritdoc/>
    public ValueTask<Stat> WaitForExistsAsync(string path, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        return streams.WaitForExistsAsync(path, paths.ToServer(path, nameof(path)), ct);
    }

    /// <inheritdoc/>
    public ValueTask WaitForDeletedAsync(string path, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        return streams.WaitForDeletedAsync(path, paths.ToServer(path, nameof(path)), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Znode?> WaitUntilAsync(
        string path, Func<Znode?, bool> predicate, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        await foreach (var znode in FollowAsync(path, ct).ConfigureAwait(false))
        {
            if (predicate(znode))
                return znode;
        }

        throw new ObjectDisposedException(nameof(CoordClient));
    }
}
