namespace Coord.Client.Recipes;

/// <summary>
/// Ids made of time, worker id and a count, 64 bits, positive, without asking anybody: unique among all that share the
/// worker ids' root, increasing within one generator, and in the order of time between them as far as clocks agree.
/// </summary>
/// <remarks>
/// One generator per <see cref="WorkerId"/>. Two holders of a number one after the other stay apart as long as their
/// clocks differ by less than the quarantine. Thread-safe. Source: client-sdk.md 11.4.
/// </remarks>
/// <example><code>
/// var ids = new SnowflakeIds(worker);
/// long id = await ids.NextAsync(ct);
/// </code></example>
public sealed class SnowflakeIds
{
    /// <summary>A clock that goes back further than this is not waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly WorkerId worker;
    private readonly SnowflakeOptions options;
    private readonly long sequenceMax;
    private readonly long timeMax;
    private readonly Lock gate = new();
    private long lastMs = -1;
    private long sequence;

    /// <summary>Makes a generator; does no I/O.</summary>
    /// <param name="worker">The worker id, held for as long as ids are wanted; stays the caller's to dispose.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is wrong, or the worker id does not fit into its bits.</exception>
    public SnowflakeIds(WorkerId worker, SnowflakeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(worker);
        this.worker = worker;
        this.options = options ?? new SnowflakeOptions();
        this.options.Check();
        if (worker.Value >> this.options.WorkerBits != 0)
            throw new ArgumentOutOfRangeException(nameof(worker), worker.Value, "Too large for WorkerBits.");
        sequenceMax = (1L << this.options.SequenceBits) - 1;
        timeMax = (1L << (63 - this.options.WorkerBits - this.options.SequenceBits)) - 1;
    }

    /// <summary>
    /// Makes an id. Waits when the ids of this millisecond are used up, or when the clock went back by no more than
    /// <see cref="LongestWait"/>.
    /// </summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>An id larger than all before.</returns>
    /// <exception cref="LockLostException">The worker id is lost or disposed: no further ids.</exception>
    /// <exception cref="ClockMovedBackException">The clock went back by more than <see cref="LongestWait"/>; ids are
    /// made again once it has caught up.</exception>
    /// <exception cref="OverflowException">The clock is before <see cref="SnowflakeOptions.Epoch"/>, or further after
    /// it than the bits reach.</exception>
    public async ValueTask<long> NextAsync(CancellationToken ct = default)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (TryMake(out var id, out var behindMs))
                return id;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, behindMs)), worker.TimeProvider, ct)
                .ConfigureAwait(false);
        }
    }

    private bool TryMake(out long id, out long behindMs)
    {
        lock (gate)
        {
            // The clock first: whatever happens behind the check, the id carries a time at which the number was ours.
            var now = (long)Math.Floor((worker.TimeProvider.GetUtcNow() - options.Epoch).TotalMilliseconds);
            worker.ThrowIfLost();
            if (now < 0 || now > timeMax)
                throw new OverflowException($"The clock is out of range of ids counted from {options.Epoch:O}.");
            id = 0;
            behindMs = lastMs - now;
            if (behindMs > LongestWait.TotalMilliseconds)
                throw new ClockMovedBackException(TimeSpan.FromMilliseconds(behindMs));
            if (behindMs > 0 || (behindMs == 0 && sequence == sequenceMax))
                return false;
            sequence = behindMs == 0 ? sequence + 1 : 0;
            lastMs = now;
            id = (((now << options.WorkerBits) | (long)worker.Value) << options.SequenceBits) | sequence;
            return true;
        }
    }
}
