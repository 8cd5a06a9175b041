namespace Coord.Client.Recipes;

/// <summary>Units put into a stock or taken out, once however often it has to be sent.</summary>
internal sealed class StockChange(StockZnode stock, long units)
{
    private readonly StockWrite write = new(LastWrites.NewTag());
    private bool isApplied;

    /// <returns>False when fewer are free than would be taken out.</returns>
    internal async ValueTask<bool> RunAsync(CancellationToken ct)
    {
        await stock.RunAsync(() => write.UnknownSince is not null, () => TryAsync(ct), ct).ConfigureAwait(false);
        return isApplied;
    }

    private async ValueTask<WriteAttempt> TryAsync(CancellationToken ct)
    {
        var (isMissing, picture) = await stock.ReadAsync(ct).ConfigureAwait(false);
        if (picture is null)
            return isMissing ? await MakeAsync(ct).ConfigureAwait(false) : WriteAttempt.Conflict;
        switch (write.Judge(picture.Bytes))
        {
            case Outcome.Applied:
                return Done();
            case Outcome.Unknown:
                throw new OutcomeUnknownException(
                    $"The reply to a write of {stock.Path} was lost, and too much was written since to tell more.",
                    stock.Path);
        }

        if (units < 0 && picture.State.Free < -units)
            return WriteAttempt.Done;
        if (picture.Version == WriteContention.VersionThatMeansAny)
            return WriteAttempt.VersionMeansAny;
        var next = picture.Bytes.Next(units, 0, write.Tag, picture.Stat.Mzxid);
        var multi = stock.Client.CreateMulti().Set(stock.Path, next.ToArray(), picture.Version);
        return await StockZnode.SendAsync(multi, write, picture.Bytes, ct).ConfigureAwait(false)
            ? Done() : WriteAttempt.Conflict;
    }

    private async ValueTask<WriteAttempt> MakeAsync(CancellationToken ct)
    {
        // The root went after a copy was sent, and its tags with it.
        if (write.UnknownSince is not null)
            throw new OutcomeUnknownException($"The stock {stock.Path} was deleted while it was changed.", stock.Path);
        if (units < 0)
            return WriteAttempt.Done;
        await stock.MakeAsync(ct).ConfigureAwait(false);
        return WriteAttempt.Conflict;
    }

    private WriteAttempt Done()
    {
        isApplied = true;
        return WriteAttempt.Done;
    }
}
