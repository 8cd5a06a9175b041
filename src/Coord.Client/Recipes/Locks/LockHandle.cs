namespace Coord.Client.Recipes;

/// <summary>One handle on a granted turn.</summary>
internal class LockHandle : ILockHandle
{
    private readonly LockGrant grant;
    private readonly Lock gate = new();
    private Task<ReleaseResult>? release;

    /// <exception cref="LockLostException">The turn was given up meanwhile.</exception>
    internal LockHandle(LockGrant grant)
    {
        this.grant = grant;
        if (!grant.TryShare())
            throw new LockLostException(grant.Path);
    }

    public string Path => grant.Path;

    public FencingToken Token => grant.Token;

    public CancellationToken LostToken => grant.LostToken;

    public CancellationToken RevokedToken => grant.RevokedToken;

    public HandleState State => IsReleased ? HandleState.Released : grant.State;

    public TimeSpan Remaining => IsReleased ? TimeSpan.Zero : grant.Remaining;

    internal ICoordClient Client => grant.Client;

    protected LockGrant Grant => grant;

    private bool IsReleased => Volatile.Read(ref release) is not null;

    public async ValueTask<bool> VerifyAsync(CancellationToken ct = default) =>
        !IsReleased && await grant.VerifyAsync(ct).ConfigureAwait(false);

    public ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default)
    {
        Task<ReleaseResult> running;
        lock (gate)
            running = release ??= grant.ReleaseAsync();
        return new ValueTask<ReleaseResult>(running.WaitAsync(ct));
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync().ConfigureAwait(false);

    public Multi CreateMulti() => grant.CreateMulti(() => State is HandleState.Lost or HandleState.Released);

    public ILockHandle Share()
    {
        ThrowIfLost();
        return new LockHandle(grant);
    }

    public void ThrowIfLost()
    {
        if (State is HandleState.Lost or HandleState.Released)
            throw new LockLostException(Path);
    }
}
