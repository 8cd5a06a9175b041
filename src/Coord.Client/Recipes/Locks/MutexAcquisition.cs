using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>One attempt to get a mutex, from the first request to the grant (client-sdk.md 10.1).</summary>
internal sealed class MutexAcquisition(ICoordClient client, string root, MutexOptions options, CancellationToken ct)
{
    // The part of the session timeout that must be left when a handle is given out (client-sdk.md 9).
    private const double LeastRemaining = 0.2;

    // Between attempts that ended with an error which passes, so that a server that refuses is not besieged.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly string prefix = ZnodePath.Combine(root, ContenderLine.LockName);

    /// <param name="mayWait">Whether to stand in line behind others.</param>
    /// <param name="isEndless">Whether errors of the connection are waited out until the token fires.</param>
    /// <returns>The handle; null when somebody else is first and waiting is not wanted.</returns>
    internal async ValueTask<ILockHandle?> RunAsync(bool mayWait, bool isEndless)
    {
        while (true)
        {
            try
            {
                var session = await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
                var (isDone, handle) = await ContendAsync(session, mayWait).ConfigureAwait(false);
                if (isDone)
                    return handle;
                if (options.WhenSessionLost == WhenSessionLost.Fail && session.IsLost)
                    throw new SessionLostException(root);
            }
            catch (CoordException e) when (isEndless && e.IsTransient && !IsFinal(e))
            {
                // Connection and session come back, and what may have been left behind is swept: stand in line again.
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct)
                    .ConfigureAwait(false);
            }
        }
    }

    private bool IsFinal(
        CoordException e) => e is SessionLostException && options.WhenSessionLost == WhenSessionLost.Fail;

    /// <returns>Not done when our znode or our session went: begin again.</returns>
    private async ValueTask<(bool IsDone, ILockHandle? Handle)> ContendAsync(CoordSession session, bool mayWait)
    {
        var (contender, names) = await StandInLineAsync().ConfigureAwait(false);
        session = client.Session.Id.Value == contender.Stat.EphemeralOwner ? client.Session : session;
        var guard = client.Guard(contender.Path, session);
        try
        {
            var isFirst = session.Id.Value == contender.Stat.EphemeralOwner
                && await WaitForTurnAsync(contender, names, guard, mayWait).ConfigureAwait(false);
            if (isFirst && await IsCertainAsync(session, guard).ConfigureAwait(false))
                return (true, new LockHandle(client, contender, guard));
            await WithdrawAsync(contender, guard).ConfigureAwait(false);
            return (!mayWait && !guard.IsLost && !session.IsLost, null);
        }
        catch
        {
            await WithdrawAsync(contender, guard).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends the create and the listing in one flight: a session's requests are ordered, so the list has our znode in
    /// it.
    /// </summary>
    private async ValueTask<(CreatedZnode Contender, IReadOnlyList<string>? Names)> StandInLineAsync()
    {
        var record = options.WriteRecord ? ContenderRecord.Write(client, options.Note) : default;
        var creating = client.CreateAsync(
            prefix, record,
                new CreateOptions { Mode = CreateMode.EphemeralSequential, Protected = true,
                Parents = options.Parents }, ct);
        var listing = ListAsync(null);
        CreatedZnode contender;
        try
        {
            contender = await creating.ConfigureAwait(false);
        }
        catch
        {
            await IgnoreAsync(listing).ConfigureAwait(false);
            throw;
        }

        try
        {
            return (contender, await listing.ConfigureAwait(false));
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException)
        {
            // The list is read again while waiting for the turn; cancellation is noticed there, with the znode to be
            // withdrawn.
            return (contender, null);
        }
    }

    /// <returns>True when we are first; false when we are not there any more, or not first and not to wait.</returns>
    private async ValueTask<bool> WaitForTurnAsync(
        CreatedZnode contender, IReadOnlyList<string>? names, ZnodeGuard guard, bool mayWait)
    {
        var own = ZnodePath.Name(contender.Path);
        while (true)
        {
            if (!ContenderLine.TryFindPredecessor(names ?? [], own, out var predecessor))
            {
                // After a reconnect the list may have overtaken the create: look once more behind a sync before
                // believing it.
                names = await ListAsync(ReadOptions.Fresh).ConfigureAwait(false);
                if (names is null || !ContenderLine.TryFindPredecessor(names, own, out predecessor))
                    return false;
            }

            if (predecessor is null)
                return true;
            if (!mayWait || !await WaitForAsync(ZnodePath.Combine(root, predecessor), guard).ConfigureAwait(false))
                return false;
            names = await ListAsync(null).ConfigureAwait(false);
        }
    }

    /// <returns>False when our own znode or session went meanwhile.</returns>
    private async ValueTask<bool> WaitForAsync(string predecessor, ZnodeGuard guard)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, guard.LostToken);
        try
        {
            await client.WaitForDeletedAsync(predecessor, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (guard.LostToken.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<bool> IsCertainAsync(CoordSession session, ZnodeGuard guard)
    {
        // No handle is given out that would be about to end.
        if (session.Remaining <= session.NegotiatedTimeout * LeastRemaining)
            await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
        return !session.IsLost && !guard.IsLost && ReferenceEquals(client.Session, session);
    }

    private async Task WithdrawAsync(CreatedZnode contender, ZnodeGuard guard)
    {
        guard.Dispose();
        await Withdrawal.RunAsync(client, contender.Path, guard.Session).ConfigureAwait(false);
    }

    /// <returns>The names, or null when the root is missing.</returns>
    private async Task<IReadOnlyList<string>?> ListAsync(ReadOptions? read)
    {
        try
        {
            return (await client.GetChildrenAsync(root, read, ct).ConfigureAwait(false)).Names;
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    private static async Task IgnoreAsync(Task<IReadOnlyList<string>?> listing)
    {
        try
        {
            await listing.ConfigureAwait(false);
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // The create's error is the one to report.
        }
    }
}
