using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Finds out what became of a write whose reply was lost: a sync followed by a read, ahead of everything not sent yet,
/// in the same session only (client-sdk.md 5). Once the leader has accepted the session on the new connection it
/// refuses what is left of the old one, so after the sync the answer is final.
/// </summary>
internal sealed class Look(ClientCore core, long epoch, CallBudget budget)
{
    internal async ValueTask<Reply<Znode>> GetAsync(string serverPath)
    {
        var sync = SyncAsync(serverPath);
        var read = core.Send(
            new GetCall(serverPath, serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt },
                budget.Token);
        return Both(await sync.ConfigureAwait(false), await read.ConfigureAwait(false));
    }

    internal async ValueTask<Reply<Stat>> ExistsAsync(string serverPath)
    {
        var sync = SyncAsync(serverPath);
        var read = core.Send(
            new ExistsCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt },
                budget.Token);
        return Both(await sync.ConfigureAwait(false), await read.ConfigureAwait(false));
    }

    internal async ValueTask<Reply<ChildList>> ChildrenAsync(string serverPath)
    {
        var sync = SyncAsync(serverPath);
        var read = core.Send(
            new ChildrenCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt },
                budget.Token);
        return Both(await sync.ConfigureAwait(false), await read.ConfigureAwait(false));
    }

    private static Reply<T> Both<T>(Reply<bool> synced, Reply<T> read) =>
        synced.IsOk ? read : new Reply<T>(synced.End, synced.Error, 0, default);

    private ValueTask<Reply<bool>> SyncAsync(string serverPath) => core.Send(
        new SyncCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt }, budget.Token);
}
