namespace Coord.Client.Recipes;

/// <summary>A handle on a granted upgradeable read.</summary>
/// <param name="grant">The turn.</param>
/// <param name="upgrade">Makes a writer of it within a time, zero for at once.</param>
internal sealed class UpgradeableLockHandle(
    LockGrant grant, Func<LockGrant, TimeSpan, CancellationToken, ValueTask<LockGrant?>> upgrade)
    : LockHandle(grant), IUpgradeableLockHandle
{
    private readonly Lock gate = new();
    private LockGrant? upgraded;
    private bool isUpgrading;

    public ValueTask<ILockHandle> UpgradeAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout ?? Timeout.InfiniteTimeSpan);
        Begin();
        return UpgradeAsync(limit, ct);
    }

    public ValueTask<ILockHandle?> TryUpgradeAsync(TimeSpan timeout = default, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        Begin();
        return RunAsync(limit, ct);
    }

    private void Begin()
    {
        ThrowIfLost();
        lock (gate)
        {
            if (isUpgrading || upgraded is { State: HandleState.Held or HandleState.Suspect })
                throw new InvalidOperationException("An upgrade of this handle is under way, or held.");
            isUpgrading = true;
        }
    }

    private async ValueTask<ILockHandle> UpgradeAsync(TimeSpan limit, CancellationToken ct) =>
        await RunAsync(limit, ct).ConfigureAwait(false)
            ?? throw new TimeoutException($"Readers beside {Path} did not leave within {limit}.");

    private async ValueTask<ILockHandle?> RunAsync(TimeSpan limit, CancellationToken ct)
    {
        LockGrant? granted = null;
        try
        {
            granted = await upgrade(Grant, limit, ct).ConfigureAwait(false);
            return granted is null ? null : new LockHandle(granted);
        }
        finally
        {
            lock (gate)
            {
                upgraded = granted;
                isUpgrading = false;
            }
        }
    }
}
