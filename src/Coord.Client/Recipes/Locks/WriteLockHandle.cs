namespace Coord.Client.Recipes;

/// <summary>A handle on a granted write turn.</summary>
/// <param name="grant">The turn.</param>
/// <param name="downgrade">Replaces its znode by a reader's.</param>
internal sealed class WriteLockHandle(LockGrant grant, Func<LockGrant, Task> downgrade)
    : LockHandle(grant), IWriteLockHandle
{
    private readonly Lock gate = new();
    private Task? downgrading;

    public ValueTask DowngradeAsync(CancellationToken ct = default)
    {
        ThrowIfLost();
        if (Grant.IsShared)
            throw new InvalidOperationException("The write lock is shared: its other handles rely on it.");
        lock (gate)
        {
            if (downgrading is null or { IsFaulted: true })
                downgrading = downgrade(Grant);
            return new ValueTask(downgrading.WaitAsync(ct));
        }
    }
}
