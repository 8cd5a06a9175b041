using System.Diagnostics.CodeAnalysis;

namespace Coord.Client.Recipes;

/// <summary>A turn that was granted: one znode, on which any number of handles stand.</summary>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "The token must stay readable for good; sources without timers hold nothing to dispose.")]
internal sealed class LockGrant
{
    private readonly ICoordClient client;
    private readonly ZnodeGuard guard;
    private readonly Func<ZnodeGuard, Task<bool>>? withdraw;
    private readonly RevocationWatch revocation;
    private readonly Lock gate = new();
    private LockHold? hold;
    private int handles;
    private Task<ReleaseResult>? release;
    private CancellationTokenSource? released;

    /// <param name="client">The client.</param>
    /// <param name="guard">Watches over the znode.</param>
    /// <param name="token">What fences or identifies it.</param>
    /// <param name="withdraw">Takes the znode away and says whether it is known to be gone; null: by its name, which is
    /// nobody else's. It must not throw.</param>
    /// <param name="czxid">Of a znode whose path others use too: it is followed from the start, since neither
    /// heartbeats nor a guarded multi can tell a later one from it. 0 otherwise.</param>
    internal LockGrant(
        ICoordClient client, ZnodeGuard guard, FencingToken token, Func<ZnodeGuard, Task<bool>>? withdraw = null,
        long czxid = 0)
    {
        this.client = client;
        this.guard = guard;
        this.withdraw = withdraw;
        Token = token;
        revocation = new RevocationWatch(client, guard, czxid);
        if (czxid != 0)
            _ = revocation.Token;
    }

    internal ICoordClient Client => client;

    internal string Path => guard.Path;

    internal CoordSession Session => guard.Session;

    internal FencingToken Token { get; }

    internal CancellationToken LostToken => guard.LostToken;

    /// <summary>Fires when the last handle is released, after which <see cref="LostToken"/> tells nothing.</summary>
    internal CancellationToken ReleasedToken
    {
        get
        {
            lock (gate)
                return release is null ? (released ??= new CancellationTokenSource()).Token : new(canceled: true);
        }
    }

    internal CancellationToken RevokedToken => revocation.Token;

    internal HandleState State => this switch
    {
        { IsReleased: true } => HandleState.Released,
        { guard.IsLost: true } => HandleState.Lost,
        _ => client.State == SessionState.Connected ? HandleState.Held : HandleState.Suspect,
    };

    internal TimeSpan Remaining => IsReleased || guard.IsLost ? TimeSpan.Zero : guard.Session.Remaining;

    private bool IsReleased => Volatile.Read(ref release) is not null;

    /// <summary>Whether there is more than one handle.</summary>
    internal bool IsShared
    {
        get
        {
            lock (gate)
                return handles > 1;
        }
    }

    /// <summary>Tells of the hold's end.</summary>
    internal void Observe(LockHold? begun)
    {
        hold = begun;
        hold?.Follow(ReasonOfLoss, LostToken);
    }

    /// <summary>Adds a handle.</summary>
    /// <returns>False when the last one has been released.</returns>
    internal bool TryShare()
    {
        lock (gate)
        {
            if (release is not null)
                return false;
            handles++;
            return true;
        }
    }

    internal async ValueTask<bool> VerifyAsync(CancellationToken ct)
    {
        if (State is HandleState.Lost or HandleState.Released)
            return false;
        var path = Path;
        try
        {
            await client.CreateMulti().Check(path).CommitAsync(ct).ConfigureAwait(false);
            return !guard.IsLost;
        }
        catch (MultiFailedException e) when (e.Code == Protocol.ErrorCode.NoNode)
        {
            guard.ReportGone(path);
            return false;
        }
    }

    internal Multi CreateMulti(Func<bool> isLost) => client.CreateMulti().GuardedBy(Path, isLost);

    /// <summary>
    /// Has the znode replaced by another of the same session, which stands for the grant from then on.
    /// </summary>
    internal async Task ReplaceAsync(Func<ZnodeGuard, Task> replace)
    {
        try
        {
            await replace(guard).ConfigureAwait(false);
        }
        finally
        {
            revocation.Move();
        }
    }

    /// <summary>One handle lets go; the last one takes the znode with it.</summary>
    internal Task<ReleaseResult> ReleaseAsync()
    {
        lock (gate)
        {
            if (--handles > 0)
                return Task.FromResult(guard.IsLost ? ReleaseResult.AlreadyLost : ReleaseResult.Released);
            return release ??= ReleaseOnceAsync();
        }
    }

    private async Task<ReleaseResult> ReleaseOnceAsync()
    {
        var wasLost = guard.IsLost;
        guard.Dispose();
        // What it ends runs elsewhere: the gate is held here.
        _ = released?.CancelAsync();
        revocation.End();
        var withdrawing = withdraw?.Invoke(guard) ?? Withdrawal.RunAsync(client, Path, guard.Session);
        // The znode is on its way out before anybody hears of it.
        if (wasLost)
            hold?.Lost(ReasonOfLoss());
        else
            hold?.Released();
        var isGone = await withdrawing.ConfigureAwait(false);
        return wasLost ? ReleaseResult.AlreadyLost : isGone ? ReleaseResult.Released : ReleaseResult.Pending;
    }

    // A deadline that has passed is the session's end, though nobody may have given it up yet.
    private string ReasonOfLoss() =>
        LostToken.IsCancellationRequested && !guard.Session.IsLost ? "znode_gone" : "session_lost";
}
