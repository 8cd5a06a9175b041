namespace Coord.Client.Recipes;

/// <summary>
/// The commit of one reservation: a multi of <em>sold += quantity</em> and <em>delete the reservation</em>. Since the
/// reservation can be deleted once, one copy at most is ever applied, whichever session brings it.
/// </summary>
internal sealed class ReservationCommit
{
    private readonly StockZnode stock;
    private readonly StockWrite write;
    private volatile bool isDone;

    /// <param name="stock">The stock.</param>
    /// <param name="name">The reservation.</param>
    /// <param name="unknownSince">The count of changes since which a commit may have been sent from elsewhere; null: it
    /// was not.</param>
    internal ReservationCommit(StockZnode stock, ReservationName name, long? unknownSince = null)
    {
        this.stock = stock;
        Name = name;
        Path = ZnodePath.Combine(stock.Path, name.ToString());
        write = new StockWrite(name.Tag) { UnknownSince = unknownSince };
    }

    internal ReservationName Name { get; }

    internal string Path { get; }

    internal ICoordClient Client => stock.Client;

    internal bool IsDone => isDone;

    internal ValueTask RunAsync(CancellationToken ct) => isDone
        ? ValueTask.CompletedTask
        : stock.RunAsync(() => write.UnknownSince is not null, () => TryAsync(ct), ct);

    private async ValueTask<WriteAttempt> TryAsync(CancellationToken ct)
    {
        if (isDone)
            return WriteAttempt.Done;
        var (isMissing, picture) = await stock.ReadAsync(ct).ConfigureAwait(false);
        if (picture is null)
            return isMissing ? throw Lost(null) : WriteAttempt.Conflict;
        if (write.Judge(picture.Bytes) == Outcome.Applied)
            return Done();
        if (!picture.Reservations.Contains(Name))
            throw Lost(picture.Bytes);
        if (picture.Version == WriteContention.VersionThatMeansAny)
            return WriteAttempt.VersionMeansAny;

        var next = picture.Bytes.Next(0, Name.Quantity, write.Tag, picture.Stat.Mzxid);
        var multi = stock.Client.CreateMulti().Set(stock.Path, next.ToArray(), picture.Version).Delete(Path);
        return await StockZnode.SendAsync(multi, write, picture.Bytes, ct).ConfigureAwait(false)
            ? Done() : WriteAttempt.Conflict;
    }

    private WriteAttempt Done()
    {
        isDone = true;
        return WriteAttempt.Done;
    }

    /// <summary>The reservation is gone, so no copy can be applied any more: the root tells whether one was.</summary>
    private CoordException Lost(StockBytes? now) =>
        write.UnknownSince is null || (now is not null && write.Judge(now) == Outcome.NotApplied)
        ? new ReservationLostException(Path)
        : new OutcomeUnknownException(
            $"The reservation {Path} is gone, and it cannot be told whether it was committed.", Path);
}
