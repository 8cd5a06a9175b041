namespace Coord.Client;

/// <summary>
/// Runs bodies of transactions until one of their commits holds (client-sdk.md 8.3). Uses the public API only.
/// </summary>
internal sealed class Transactions(ICoordClient coord, PathMap paths)
{
    // The first retry is at once: mostly one other was in the way. Then doubling with full jitter, as short as commits.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);

    internal async ValueTask<TResult> RunAsync<TResult>(
        Func<ITransaction, CancellationToken, ValueTask<TResult>> body, TransactOptions options, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var transaction = new Transaction(coord, options, paths);
            try
            {
                return await RunOnceAsync(transaction, body, ct).ConfigureAwait(false);
            }
            catch (MultiFailedException e) when (transaction.IsConflict(e))
            {
                if (attempt >= options.MaxAttempts)
                    throw new TransactionConflictException(attempt, e.Path, e);
            }
            catch (ConnectionLossException) when (transaction.IsGuardUnknown && attempt < options.MaxAttempts)
            {
                // Guarded in the way of the present server the next time.
            }

            await PauseAsync(attempt, ct).ConfigureAwait(false);
            // The server connected may be behind: reading the same again would conflict again.
            await coord.SyncAsync("/", ct).ConfigureAwait(false);
        }
    }

    private static async ValueTask<TResult> RunOnceAsync<TResult>(
        Transaction transaction, Func<ITransaction, CancellationToken, ValueTask<TResult>> body, CancellationToken ct)
    {
        TResult result;
        try
        {
            result = await body(transaction, ct).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is not OperationCanceledException and not CoordException { Outcome: Outcome.Unknown })
        {
            // What the body saw may never have been true at one moment: its error counts only if it was.
            transaction.End();
            if (!transaction.IsEmpty)
                await CommitAsync(transaction, withWrites: false, ct).ConfigureAwait(false);
            throw;
        }

        transaction.End();
        if (!transaction.IsEmpty)
            await CommitAsync(transaction, withWrites: true, ct).ConfigureAwait(false);
        return result;
    }

    private static async ValueTask CommitAsync(Transaction transaction, bool withWrites, CancellationToken ct)
    {
        var multi = transaction.ToMulti(withWrites);
        if (multi.Count == 0)
            return;
        try
        {
            await multi.CommitAsync(ct).ConfigureAwait(false);
        }
        catch (ConnectionLossException e) when (e.Outcome == Outcome.NotApplied)
        {
            transaction.IsGuardUnknown = true;
            throw;
        }
    }

    private async ValueTask PauseAsync(int attempt, CancellationToken ct)
    {
        if (attempt == 1)
            return;
        var longest = Math.Min(
            FirstDelay.TotalMilliseconds * (1L << Math.Min(attempt - 2, 20)), LongestDelay.TotalMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(longest * Random.Shared.NextDouble()), coord.TimeProvider, ct)
            .ConfigureAwait(false);
    }
}
