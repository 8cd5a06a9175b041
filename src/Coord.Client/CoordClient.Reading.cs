using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <content>Reads and waits.</content>
public sealed partial class CoordClient
{
    /// <inheritdoc/>
    public ValueTask<Znode> GetAsync(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        var budget = core.Begin("get", ct);
        return budget.Run(GetAsync(path, options, budget));
    }

    /// <inheritdoc/>
    public ValueTask<Znode?> TryGetAsync(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        var budget = core.Begin("get", ct);
        return budget.Run(TryGetAsync(path, options, budget));
    }

    /// <inheritdoc/>
    public ValueTask<Stat?> ExistsAsync(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        var budget = core.Begin("exists", ct);
        return budget.Run(ExistsAsync(path, options, budget));
    }

    /// <inheritdoc/>
    public ValueTask<ChildList> GetChildrenAsync(
        string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        var budget = core.Begin("get_children", ct);
        return budget.Run(GetChildrenAsync(path, options, budget));
    }

    /// <inheritdoc/>
    public ValueTask<AclAndStat> GetAclAsync(string path, CancellationToken ct = default)
    {
        var budget = core.Begin("get_acl", ct);
        return budget.Run(GetAclAsync(path, budget));
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(string path = "/", CancellationToken ct = default)
    {
        var budget = core.Begin("sync", ct);
        return budget.Run(SyncAsync(path, budget));
    }

    /// <inheritdoc/>
    public ValueTask WaitForZxidAsync(Zxid zxid, CancellationToken ct = default)
    {
        var budget = core.Begin("wait_for_zxid", ct);
        return budget.Run(WaitForZxidAsync(zxid, budget));
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
            WatchScope.Subtree => streams.WatchSubtreeAsync(path, serverPath, paths, tellsResumed: false, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Node, Children or Subtree."),
        };
    }

    /// <summary>A subtree, with <see cref="SubtreeQueue.Resumed"/> among the events.</summary>
    internal IAsyncEnumerable<WatchEvent> WatchResumedAsync(string path, CancellationToken ct)
    {
        ThrowIfDisposed();
        return streams.WatchSubtreeAsync(path, paths.ToServer(path, nameof(path)), paths, tellsResumed: true, ct);
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

    private async ValueTask<Znode> GetAsync(string path, ReadOptions? options, CallBudget budget) =>
        await TryGetAsync(path, options, budget).ConfigureAwait(false) ?? throw new NoNodeException(path);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Znode?> TryGetAsync(string path, ReadOptions? options, CallBudget budget)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new GetCall(serverPath, path) { ExpiresAt = budget.ExpiresAt }, path, options, budget)
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value
            : reply.Is(ErrorCode.NoNode) ? null
            : throw Failure.Of(reply, ReplyKind.Read, path, core, budget.Token);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Stat?> ExistsAsync(string path, ReadOptions? options, CallBudget budget)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new ExistsCall(serverPath) { ExpiresAt = budget.ExpiresAt }, path, options, budget)
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value
            : reply.Is(ErrorCode.NoNode) ? null
            : throw Failure.Of(reply, ReplyKind.Read, path, core, budget.Token);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ChildList> GetChildrenAsync(string path, ReadOptions? options, CallBudget budget)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await reads.ReadAsync(
            budget => new ChildrenCall(serverPath) { ExpiresAt = budget.ExpiresAt }, path, options, budget)
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value! : throw Failure.Of(reply, ReplyKind.Read, path, core, budget.Token);
    }

    private async ValueTask<AclAndStat> GetAclAsync(string path, CallBudget budget)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await core.Send(new GetAclCall(serverPath) { ExpiresAt = budget.ExpiresAt }, budget)
            .ConfigureAwait(false);
        return reply.IsOk ? reply.Value! : throw Failure.Of(reply, ReplyKind.Read, path, core, budget.Token);
    }

    private async ValueTask SyncAsync(string path, CallBudget budget)
    {
        ThrowIfDisposed();
        var serverPath = paths.ToServer(path, nameof(path));
        var reply = await core.Send(new SyncCall(serverPath) { ExpiresAt = budget.ExpiresAt }, budget)
            .ConfigureAwait(false);
        if (!reply.IsOk)
            throw Failure.Of(reply, ReplyKind.Sync, path, core, budget.Token);
    }

    private async ValueTask WaitForZxidAsync(Zxid zxid, CallBudget budget)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(zxid.Value);
        budget.Token.ThrowIfCancellationRequested();
        // A server takes nobody who has seen more than it has, so what was seen once stays readable.
        while (LastSeenZxid < zxid)
        {
            var reply = await core.Send(new SyncCall("/") { ExpiresAt = budget.ExpiresAt }, budget)
                .ConfigureAwait(false);
            if (!reply.IsOk)
                throw Failure.Of(reply, ReplyKind.Sync, null, core, budget.Token);
            if (LastSeenZxid >= zxid)
                return;
            if (core.Clock.MonotonicTicks >= budget.ExpiresAt)
                throw new OperationTimeoutException(null);
            await Task.Delay(core.Options.Retry.FirstDelay, core.Clock.Provider, budget.Token).ConfigureAwait(false);
        }
    }
}
