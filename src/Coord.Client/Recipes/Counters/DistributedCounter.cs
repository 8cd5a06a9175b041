using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// A 64-bit number that many processes change, each change exactly once: every write leaves a tag, by which a lost
/// reply is resolved, also in a new session. Where the server adds by itself (<c>counter-add</c>) a change takes one
/// request, and leaves the same tag. Calls of one process that wait at the same time share a write. The value is
/// readable by Curator's atomic long.
/// </summary>
/// <remarks>
/// A call that is cancelled while its write is under way may still be carried out. Deleting the znode while writes are
/// under way makes their outcome unknown. Thread-safe. Source: client-sdk.md 11.1; Apache Curator,
/// DistributedAtomicLong, for the first eight bytes.
/// </remarks>
/// <example><code>
/// var stock = new DistributedCounter(coord, "/stock/9");
/// var sale = await stock.TryAddAsync(-1, min: 0);
/// if (!sale.Applied) return SoldOut();
/// </code></example>
public sealed class DistributedCounter
{
    private readonly ICoordClient client;
    private readonly CounterOptions options;
    private readonly CounterWriter writer;

    /// <summary>Makes a counter; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The znode, absolute; made by the first add. <c>path-queue</c> beside it is used under
    /// contention.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public DistributedCounter(ICoordClient client, string path, CounterOptions? options = null)
    {
        RecipeChecks.Path(client, path);
        this.client = client;
        this.options = options ?? new CounterOptions();
        this.options.Check();
        Path = path;
        writer = new CounterWriter(client, path, this.options);
    }

    /// <summary>The znode, without chroot.</summary>
    public string Path { get; }

    /// <summary>Reads the value.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The value now (linearizable); <see cref="CounterOptions.InitialValue"/> when there is no znode. Writes
    /// nothing.</returns>
    /// <exception cref="ZnodeFormatException">The bytes are no counter.</exception>
    public async ValueTask<long> GetAsync(CancellationToken ct = default)
    {
        var znode = await client.TryGetAsync(Path, ReadOptions.Linearizable, ct).ConfigureAwait(false);
        return znode is null
            ? options.InitialValue
            : CounterBytes.Read(Path, znode.Bytes.Span, options.InitialValue).Value;
    }

    /// <summary>Adds and returns the new value.</summary>
    /// <param name="delta">What to add; may be negative.</param>
    /// <param name="ct">Ends the wait; an add that began may still be carried out.</param>
    /// <returns>The value right after this add.</returns>
    /// <exception cref="OverflowException">The sum does not fit 64 bits. Nothing was written.</exception>
    /// <exception cref="ZnodeFormatException">The bytes are no counter. Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether the add
    /// happened.</exception>
    /// <exception cref="OperationTimeoutException">Not carried out: no server, or no turn in the queue, in
    /// time.</exception>
    /// <exception cref="CoordException">Not carried out; <see cref="CoordException.Outcome"/> says so.</exception>
    public async ValueTask<long> AddAsync(long delta, CancellationToken ct = default) =>
        (await TryAddAsync(delta, ct: ct).ConfigureAwait(false)).Value;

    /// <summary>Adds 1 and returns the new value; see <see cref="AddAsync"/>.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The value right after.</returns>
    public ValueTask<long> IncrementAsync(CancellationToken ct = default) => AddAsync(1, ct);

    /// <summary>Subtracts 1 and returns the new value; see <see cref="AddAsync"/>.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The value right after.</returns>
    public ValueTask<long> DecrementAsync(CancellationToken ct = default) => AddAsync(-1, ct);

    /// <summary>Adds if the result stays within bounds.</summary>
    /// <param name="delta">What to add; may be negative.</param>
    /// <param name="min">Least value allowed; null: any.</param>
    /// <param name="max">Largest value allowed; null: any.</param>
    /// <param name="ct">Ends the wait; an add that began may still be carried out.</param>
    /// <returns>Whether it was applied, and the value after it, or the value that did not allow it.</returns>
    /// <exception cref="ArgumentException"><paramref name="min"/> is larger than <paramref name="max"/>.</exception>
    /// <exception cref="OverflowException">The sum does not fit 64 bits. Nothing was written.</exception>
    /// <exception cref="ZnodeFormatException">The bytes are no counter. Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether the add
    /// happened.</exception>
    /// <exception cref="OperationTimeoutException">Not carried out: no server, or no turn in the queue, in
    /// time.</exception>
    /// <exception cref="CoordException">Not carried out; <see cref="CoordException.Outcome"/> says so.</exception>
    public ValueTask<CounterChange> TryAddAsync(
        long delta, long? min = null, long? max = null, CancellationToken ct = default)
    {
        if (min > max)
            throw new ArgumentException("min is larger than max.", nameof(min));
        var add = new CounterAdd(delta, min ?? long.MinValue, max ?? long.MaxValue);
        return RunAsync(
            value =>
            {
                var sum = checked(value + delta);
                return sum < add.Min || sum > add.Max ? null : sum;
            },
            add,
            ct);
    }

    /// <summary>Replaces the value if it is the expected one.</summary>
    /// <param name="expected">The value it must have.</param>
    /// <param name="next">The value it gets.</param>
    /// <param name="ct">Ends the wait; a swap that began may still be carried out.</param>
    /// <returns>False when the value was another.</returns>
    /// <exception cref="ZnodeFormatException">The bytes are no counter. Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether the swap
    /// happened.</exception>
    /// <exception cref="OperationTimeoutException">Not carried out: no server, or no turn in the queue, in
    /// time.</exception>
    /// <exception cref="CoordException">Not carried out; <see cref="CoordException.Outcome"/> says so.</exception>
    public async ValueTask<bool> CompareAndSetAsync(long expected, long next, CancellationToken ct = default) =>
        (await RunAsync(value => value == expected ? next : null, Swap(expected, next), ct).ConfigureAwait(false))
            .Applied;

    // What is added to any other value does not come to the next one.
    private static CounterAdd? Swap(long expected, long next)
    {
        var delta = (Int128)next - expected;
        return delta == (long)delta ? new CounterAdd((long)delta, next, next) : null;
    }

    private ValueTask<CounterChange> RunAsync(Func<long, long?> compute, CounterAdd? add, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return new ValueTask<CounterChange>(writer.Submit(new CounterOperation(compute, add, ct)));
    }
}
