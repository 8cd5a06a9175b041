using System.Diagnostics.CodeAnalysis;
using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>The znodes of a stock: reads whole pictures, and sends changes until their outcome is known.</summary>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class StockZnode(ICoordClient client, string path, ReservationOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private static readonly ReadOptions Local = new() { Consistency = ReadConsistency.Session };

    private readonly WriteContention contention = new(client, path, options.Parents, options.QueueTimeout);
    private readonly SemaphoreSlim turn = new(1, 1);

    internal ICoordClient Client => client;

    internal string Path => path;

    /// <returns>A picture of now; null when there is no root, or when it changed while it was read.</returns>
    internal async ValueTask<(bool IsMissing, StockPicture? Picture)> ReadAsync(CancellationToken ct)
    {
        // In one flight. The list brings the root's version too: only if both agree nothing was reserved, committed or
        // put in between.
        var reading = client.TryGetAsync(path, ReadOptions.Linearizable, ct).AsTask();
        var listing = client.GetChildrenAsync(path, Local, ct).AsTask();
        ChildList? list = null;
        try
        {
            list = await listing.ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            // The other read tells.
        }
        finally
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (await reading.ConfigureAwait(false) is not { } root)
            return (true, null);
        if (list is null || list.Stat.Version != root.Stat.Version || list.Stat.Czxid != root.Stat.Czxid)
            return (false, null);
        var reservations = new List<ReservationName>(list.Names.Count);
        foreach (var text in list.Names)
        {
            if (ReservationName.TryParse(text, out var name))
                reservations.Add(name);
        }

        return (false, new StockPicture(StockBytes.Read(path, root.Bytes.Span), root.Stat, reservations));
    }

    /// <summary>Makes an empty stock; whoever did, and whatever became of the reply.</summary>
    internal async ValueTask MakeAsync(CancellationToken ct)
    {
        try
        {
            await client.TryCreateAsync(
                path, StockBytes.Empty.ToArray(), new CreateOptions { Parents = options.Parents }, ct)
                .ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            // An empty stock counts as none.
        }
    }

    /// <summary>Repeats attempts, one call of this process at a time, until one is done.</summary>
    /// <param name="mayBeApplied">Whether a copy was sent whose outcome is not known yet: errors that pass are waited
    /// out then, and others leave it unknown.</param>
    /// <param name="attempt">Looks, and writes with the version it saw.</param>
    /// <param name="ct">Ends the waits.</param>
    internal async ValueTask RunAsync(
        Func<bool> mayBeApplied, Func<ValueTask<WriteAttempt>> attempt, CancellationToken ct)
    {
        await turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await contention.RunAsync(() => ResolveAsync(mayBeApplied, attempt, ct), ct).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Sends a copy of a change, and notes since when its outcome is not known.</summary>
    /// <returns>False for a conflict, or for a reservation that is gone; this copy will not be applied.</returns>
    internal static async ValueTask<bool> SendAsync(
        Multi multi, StockWrite write, StockBytes before, CancellationToken ct)
    {
        var unknownSince = write.UnknownSince;
        write.UnknownSince ??= before.Changes;
        try
        {
            await multi.CommitAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (CoordException e) when (e.Outcome == Outcome.NotApplied)
        {
            write.UnknownSince = unknownSince;
            if (IsConflict(e))
                return false;
            throw;
        }
    }

    internal static bool IsConflict(CoordException e) => e is MultiFailedException
        { Code: ErrorCode.BadVersion or ErrorCode.NoNode or ErrorCode.NodeExists };

    private async ValueTask<WriteAttempt> ResolveAsync(
        Func<bool> mayBeApplied, Func<ValueTask<WriteAttempt>> attempt, CancellationToken ct)
    {
        var began = client.TimeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (CoordException e) when (e is not OutcomeUnknownException
                && (e.Outcome == Outcome.Unknown || (mayBeApplied() && e.IsTransient)))
            {
                if (client.TimeProvider.GetElapsedTime(began) > options.ResolveTimeout)
                    throw Unknown("no answer came within ResolveTimeout", e);
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (mayBeApplied() && (e is ObjectDisposedException
                || e is CoordException and not OutcomeUnknownException and not ReservationLostException))
            {
                throw Unknown("its znodes cannot be looked at", e);
            }
        }
    }

    private OutcomeUnknownException Unknown(string reason, Exception cause) =>
        new($"The reply to a write of {path} was lost, and {reason}.", path, cause);
}
