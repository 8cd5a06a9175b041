namespace Coord.Client.Recipes;

/// <summary>A handle on a granted upgradeable read.</summary>
/// <param name="grant">The turn.</param>
/// <param name="upgrade">Makes a writer of it within a time, zero for at once. Not called from an async method, so that
/// the caller's flow remembers it; it throws nothing before its task.</param>
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
        return OrTimeoutAsync(FinishAsync(upgrade(Grant, limit, ct)), limit);
    }

    public ValueTask<ILockHandle?> TryUpgradeAsync(TimeSpan timeout = default, CancellationToken ct = default)
    {
        var limit = TimeLimit.Check(timeout);
        Begin();
        return FinishAsync(upgrade(Grant, limit, ct));
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

    private async ValueTask<ILockHandle> OrTimeoutAsync(ValueTask<ILockHandle?> upgrading, TimeSpan limit) =>
        await upgrading.ConfigureAwait(false)
            ?? throw new TimeoutException($"Readers beside {Path} did not leave within {limit}.");

    private async ValueTask<ILockHandle?> FinishAsync(ValueTask<LockGrant?> upgrading)
    {
        LockGrant? granted = null;
        try
        {
            granted = await upgrading.ConfigureAwait(false);
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
