using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Finds out what became of a write whose reply was lost: a sync followed by a read, ahead of everything not sent yet,
/// in the same session only (client-sdk.md 5). Once the leader has accepted the session on the new connection it
/// refuses what is left of the old one, so after the sync the answer is final.
/// </summary>
internal sealed class Look(ClientCore core, long epoch, CallBudget budget)
{
    internal ValueTask<Reply<Znode>> GetAsync(string serverPath) => ReadAsync(
        serverPath,
        new GetCall(serverPath, serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt });

    internal ValueTask<Reply<Stat>> ExistsAsync(string serverPath) => ReadAsync(
        serverPath,
        new ExistsCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt });

    internal ValueTask<Reply<ChildList>> ChildrenAsync(string serverPath) => ReadAsync(
        serverPath,
        new ChildrenCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt });

    private async ValueTask<Reply<T>> ReadAsync<T>(string serverPath, Request<T> request)
    {
        var sync = core.Send(
            new SyncCall(serverPath) { IsUrgent = true, BoundEpoch = epoch, ExpiresAt = budget.ExpiresAt },
                budget);
        var read = core.Send(request, budget);
        var synced = await sync.ConfigureAwait(false);
        var answer = await read.ConfigureAwait(false);
        return synced.IsOk ? answer : new Reply<T>(synced.End, synced.Error, 0, default);
    }
}
