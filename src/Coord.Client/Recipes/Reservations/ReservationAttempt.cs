using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>One call that sets units aside: a multi of <em>root, same bytes, version seen</em> and <em>create the
/// reservation</em>. The version moves with every reservation, so two cannot count on the same units.</summary>
internal sealed class ReservationAttempt(StockZnode stock, ReservationName name, int limit)
{
    private readonly string path = ZnodePath.Combine(stock.Path, name.ToString());
    private bool mayBeMade;
    private bool isMade;

    /// <summary>The session of a reservation that was made and is not durable.</summary>
    internal CoordSession? Session { get; private set; }

    /// <summary>The count of changes when it was made.</summary>
    internal long Changes { get; private set; }

    /// <returns>Whether the units are set aside; false: too few are free.</returns>
    /// <exception cref="ReservationLimitException">The root is full.</exception>
    internal async ValueTask<bool> RunAsync(CancellationToken ct)
    {
        try
        {
            await stock.RunAsync(() => mayBeMade, () => TryAsync(ct), ct).ConfigureAwait(false);
            return isMade;
        }
        finally
        {
            // Nobody will know of it: cancelled, or unknown for good. Its name is its own.
            if (mayBeMade && !isMade)
                stock.Client.DeleteEventually(path);
        }
    }

    private async ValueTask<WriteAttempt> TryAsync(CancellationToken ct)
    {
        var (isMissing, picture) = await stock.ReadAsync(ct).ConfigureAwait(false);
        if (picture is null)
            return isMissing ? WriteAttempt.Done : WriteAttempt.Conflict;
        // A copy whose reply was lost was carried out.
        if (mayBeMade && picture.Reservations.Contains(name))
            return await AcceptAsync(picture, null, ct).ConfigureAwait(false);
        if (picture.State.Free < name.Quantity)
            return await HasExpiredAsync(picture, ct).ConfigureAwait(false)
                ? WriteAttempt.Conflict : WriteAttempt.Done;
        if (picture.Reservations.Count >= limit)
        {
            return await HasExpiredAsync(picture, ct).ConfigureAwait(false)
                ? WriteAttempt.Conflict : throw new ReservationLimitException(stock.Path, limit);
        }

        return picture.Version == WriteContention.VersionThatMeansAny
            ? WriteAttempt.VersionMeansAny
            : await CreateAsync(picture, ct).ConfigureAwait(false);
    }

    private async ValueTask<WriteAttempt> CreateAsync(StockPicture picture, CancellationToken ct)
    {
        var mode = name.IsDurable ? CreateMode.Persistent : CreateMode.Ephemeral;
        var multi = stock.Client.CreateMulti()
            .Set(stock.Path, picture.Bytes.ToArray(), picture.Version).Create(path, default, mode);
        var wasUnknown = mayBeMade;
        mayBeMade = true;
        IReadOnlyList<MultiResult> results;
        try
        {
            results = await multi.CommitAsync(ct).ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.NotApplied)
        {
            mayBeMade = wasUnknown;
            if (StockZnode.IsConflict(e))
                return WriteAttempt.Conflict;
            throw;
        }

        return await AcceptAsync(picture, results[1].Stat, ct).ConfigureAwait(false);
    }

    private async ValueTask<WriteAttempt> AcceptAsync(StockPicture picture, Stat? made, CancellationToken ct)
    {
        Changes = picture.Bytes.Changes;
        if (!name.IsDurable)
        {
            // Not every server tells the metadata of what a multi made.
            made ??= await stock.Client.ExistsAsync(path, ReadOptions.Fresh, ct).ConfigureAwait(false);
            var session = stock.Client.Session;
            if (made?.EphemeralOwner != session.Id.Value)
            {
                // Of a session that is over: about to vanish, and in the way of another copy.
                if (made is not null)
                    await stock.Client.DeleteAsync(path, null, ct).ConfigureAwait(false);
                return WriteAttempt.Conflict;
            }

            Session = session;
        }

        isMade = true;
        return WriteAttempt.Done;
    }

    /// <summary>Takes back what has expired on the leader's clock, which every write tells.</summary>
    /// <returns>Whether there was any.</returns>
    private async ValueTask<bool> HasExpiredAsync(StockPicture picture, CancellationToken ct)
    {
        var durable = picture.Reservations.Where(static reservation => reservation.IsDurable).ToList();
        if (durable.Count == 0 || picture.Version == WriteContention.VersionThatMeansAny)
            return false;
        var now = await stock.Client.TrySetAsync(stock.Path, picture.Bytes.ToArray(), picture.Version, ct)
            .ConfigureAwait(false);
        if (now is null)
            return true;
        var isAny = false;
        foreach (var reservation in durable)
        {
            var at = ZnodePath.Combine(stock.Path, reservation.ToString());
            var stat = await stock.Client.ExistsAsync(at, null, ct).ConfigureAwait(false);
            if (stat is not null && now.Value.Mtime - stat.Value.Ctime < reservation.ExpirySeconds * 1000)
                continue;
            isAny = true;
            if (stat is not null)
                await stock.Client.DeleteAsync(at, null, ct).ConfigureAwait(false);
        }

        return isAny;
    }
}
