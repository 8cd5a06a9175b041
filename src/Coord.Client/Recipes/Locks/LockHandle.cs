namespace Coord.Client.Recipes;

/// <summary>A granted contender znode.</summary>
internal sealed class LockHandle : ILockHandle
{
    private readonly ICoordClient client;
    private readonly ZnodeGuard guard;
    private readonly Lock gate = new();
    private Task<ReleaseResult>? release;

    internal LockHandle(ICoordClient client, CreatedZnode contender, ZnodeGuard guard)
    {
        this.client = client;
        this.guard = guard;
        Path = contender.Path;
        Token = new FencingToken(contender.Stat.Czxid);
    }

    public string Path { get; }

    public FencingToken Token { get; }

    public CancellationToken LostToken => guard.LostToken;

    public HandleState State => this switch
    {
        { IsReleased: true } => HandleState.Released,
        { guard.IsLost: true } => HandleState.Lost,
        _ => client.State == SessionState.Connected ? HandleState.Held : HandleState.Suspect,
    };

    public TimeSpan Remaining => IsReleased || guard.IsLost ? TimeSpan.Zero : guard.Session.Remaining;

    private bool IsReleased => Volatile.Read(ref release) is not null;

    public async ValueTask<bool> VerifyAsync(CancellationToken ct = default)
    {
        if (State is HandleState.Lost or HandleState.Released)
            return false;
        try
        {
            await client.CreateMulti().Check(Path).CommitAsync(ct).ConfigureAwait(false);
            return !guard.IsLost;
        }
        catch (MultiFailedException e) when (e.Code == Protocol.ErrorCode.NoNode)
        {
            return false;
        }
    }

    public ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default)
    {
        Task<ReleaseResult> running;
        lock (gate)
            running = release ??= ReleaseOnceAsync();
        return new ValueTask<ReleaseResult>(running.WaitAsync(ct));
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync().ConfigureAwait(false);

    public Multi CreateMulti() =>
        client.CreateMulti().GuardedBy(Path, () => State is HandleState.Lost or HandleState.Released);

    public void ThrowIfLost()
    {
        if (State is HandleState.Lost or HandleState.Released)
            throw new LockLostException(Path);
    }

    private async Task<ReleaseResult> ReleaseOnceAsync()
    {
        var wasLost = guard.IsLost;
        guard.Dispose();
        var isGone = await Withdrawal.RunAsync(client, Path, guard.Session).ConfigureAwait(false);
        return wasLost ? ReleaseResult.AlreadyLost : isGone ? ReleaseResult.Released : ReleaseResult.Pending;
    }
}
