namespace Coord.Client.Recipes;

/// <summary>The total time of an acquisition, by the client's clock.</summary>
internal static class TimeLimit
{
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    internal static TimeSpan Check(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "Zero, positive or infinite.");
        return timeout;
    }

    /// <returns>What the attempt brought, or null when the time was up first.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    internal static async ValueTask<T?> RunAsync<T>(
        ICoordClient client, TimeSpan limit, Func<CancellationToken, ValueTask<T?>> attempt, CancellationToken ct)
        where T : class
    {
        ct.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(limit, client.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            return await attempt(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return null;
        }
    }
}
