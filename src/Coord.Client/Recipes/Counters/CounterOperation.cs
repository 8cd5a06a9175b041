using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>One call waiting for its turn in a combined write.</summary>
internal sealed class CounterOperation
{
    private readonly TaskCompletionSource<CounterChange> completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<long, long?> compute;
    private readonly CancellationTokenRegistration cancellation;
    private CounterChange computed;
    private OverflowException? overflow;

    /// <param name="compute">The next value from the present one; null: leave it. May overflow.</param>
    /// <param name="add">The same as an addition; null: it is none that fits 64 bits.</param>
    /// <param name="ct">Ends the wait for the result.</param>
    internal CounterOperation(Func<long, long?> compute, CounterAdd? add, CancellationToken ct)
    {
        this.compute = compute;
        Add = add;
        cancellation = ct.UnsafeRegister(
            static (completion, ct) => ((TaskCompletionSource<CounterChange>)completion!).TrySetCanceled(ct),
            completion);
    }

    internal CounterAdd? Add { get; }

    /// <summary>Ended by the outcome or by cancellation.</summary>
    internal Task<CounterChange> Result => completion.Task;

    /// <summary>Whether <see cref="Apply"/> found something to write.</summary>
    internal bool ChangesValue => computed.Applied;

    /// <summary>Works on a value; remembers the outcome until it is known whether the write happened.</summary>
    /// <returns>The value after it.</returns>
    internal long Apply(long value)
    {
        overflow = null;
        try
        {
            var next = compute(value);
            computed = new CounterChange(next.HasValue, next ?? value);
        }
        catch (OverflowException e)
        {
            overflow = e;
            computed = new CounterChange(false, value);
        }

        return computed.Value;
    }

    /// <summary>What <see cref="Apply"/> found is true now.</summary>
    internal void Complete()
    {
        cancellation.Dispose();
        if (overflow is null)
            completion.TrySetResult(computed);
        else
            completion.TrySetException(overflow);
    }

    internal void Fail(Exception error)
    {
        cancellation.Dispose();
        completion.TrySetException(error);
    }
}
