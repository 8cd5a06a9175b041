namespace Coord.Client.Testing;

/// <summary>
/// Judges a counter: its results and its final value must be what the adds that were acknowledged, and some of those
/// whose outcome is unknown, make of the first value in some order. A lost, a doubled and an invented add fail the
/// test. Thread-safe.
/// </summary>
public sealed class CounterProbe
{
    private readonly Lock gate = new();
    private readonly long initial;
    private readonly List<(long Delta, long Result)> acknowledged = [];
    private readonly List<long> unknown = [];

    /// <summary>Begins at a value.</summary>
    /// <param name="initial">What the counter holds before the first add.</param>
    public CounterProbe(long initial = 0) => this.initial = initial;

    /// <summary>Adds that were acknowledged.</summary>
    public int Acknowledged
    {
        get
        {
            lock (gate)
                return acknowledged.Count;
        }
    }

    /// <summary>Adds whose outcome is unknown.</summary>
    public int Unknown
    {
        get
        {
            lock (gate)
                return unknown.Count;
        }
    }

    /// <summary>
    /// Adds, and notes what came of it. An exception that says that nothing was applied is the caller's.
    /// </summary>
    /// <param name="delta">What is added.</param>
    /// <param name="add">Adds it and gives the value after it, for example <c>() =&gt; counter.AddAsync(1)</c>.</param>
    /// <returns>The value after it; null: the outcome is unknown.</returns>
    public async Task<long?> AddAsync(long delta, Func<ValueTask<long>> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        try
        {
            var result = await add().ConfigureAwait(false);
            lock (gate)
                acknowledged.Add((delta, result));
            return result;
        }
        catch (Exception failed) when (failed is CoordException { Outcome: Outcome.Unknown }
            or OperationCanceledException)
        {
            lock (gate)
                unknown.Add(delta);
            return null;
        }
    }

    /// <summary>Judges, when no add is under way any more.</summary>
    /// <param name="final">What the counter holds then.</param>
    /// <exception cref="ProbeFailedException">It cannot have come to that.</exception>
    public void Verify(long final)
    {
        lock (gate)
        {
            List<string> findings = [];
            var sum = initial + acknowledged.Sum(each => each.Delta);
            if (!CanSumTo(final - sum))
            {
                findings.Add(
                    $"The counter holds {final}. It began with {initial}, acknowledged adds make that {sum}, and no "
                    + $"part of the {unknown.Count} unknown ones makes up the difference.");
            }

            var gaps = Gaps(final);
            if (gaps.Count > unknown.Count)
            {
                findings.Add(
                    $"{gaps.Count} values were left once more than they were reached, with only {unknown.Count} "
                    + $"unknown adds that may have reached them: {string.Join(", ", gaps.Take(10))}.");
            }

            if (findings.Count > 0)
                throw new ProbeFailedException(findings);
        }
    }

    // Each add is a step from one value to another, and all of them are one walk from the first value to the last: it
    // leaves each value as often as it reaches it. Each step that nobody was told of can make up for one difference.
    private List<long> Gaps(long final)
    {
        Dictionary<long, int> left = [];
        void Count(long value, int by) => left[value] = left.GetValueOrDefault(value) + by;

        Count(initial, -1);
        Count(final, 1);
        foreach (var (delta, result) in acknowledged)
        {
            Count(result - delta, 1);
            Count(result, -1);
        }

        return [.. left.Where(each => each.Value > 0).SelectMany(each => Enumerable.Repeat(each.Key, each.Value))];
    }

    private bool CanSumTo(long difference)
    {
        HashSet<long> sums = [0];
        foreach (var delta in unknown)
            sums.UnionWith(sums.Select(sum => sum + delta).ToList());
        return sums.Contains(difference);
    }
}
