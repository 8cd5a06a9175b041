namespace Coord.Client.Recipes;

/// <summary>
/// Units set aside for a time that no process needs to live through: who has the ticket commits or returns them, from
/// anywhere. Thread-safe.
/// </summary>
/// <remarks>
/// After the expiry, on the leader's clock, the units are taken back by whoever next finds too few of them free; until
/// then a commit still succeeds.
/// </remarks>
public sealed class DurableReservation
{
    private readonly ReservationCommit commit;
    private readonly long changes;

    internal DurableReservation(ReservationCommit commit, long changes)
    {
        this.commit = commit;
        this.changes = changes;
    }

    /// <summary>How many units.</summary>
    public long Quantity => commit.Name.Quantity;

    /// <summary>Its znode, without chroot.</summary>
    public string Path => commit.Path;

    /// <summary>What <see cref="ReservationCounter.Resume"/> takes: ASCII, at most 100 characters, no secret.</summary>
    public string Ticket => ReservationTicket.Write(commit.Name, changes);

    /// <summary>Sells the units: they leave the stock for good. Again after success changes nothing.</summary>
    /// <param name="ct">Ends the wait; a commit that was sent may still be carried out. Calling again finds
    /// out.</param>
    /// <returns>When it is certain.</returns>
    /// <exception cref="ReservationLostException">It was returned or had expired: nothing is sold.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether they were
    /// sold.</exception>
    /// <exception cref="CoordException">Not sold; <see cref="CoordException.Outcome"/> says so.</exception>
    public ValueTask CommitAsync(CancellationToken ct = default) => commit.RunAsync(ct);

    /// <summary>Returns the units unless they were committed.</summary>
    /// <param name="ct">Cancels; the return may still be carried out.</param>
    /// <returns>False when there was nothing to return: committed, expired or returned before.</returns>
    /// <exception cref="CoordException">No answer; calling again is safe.</exception>
    public ValueTask<bool> ReturnAsync(CancellationToken ct = default) => commit.Client.DeleteAsync(Path, null, ct);
}
