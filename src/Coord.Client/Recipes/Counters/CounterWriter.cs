using System.Security.Cryptography;

namespace Coord.Client.Recipes;

/// <summary>
/// Combines the calls of one process into one write at a time: read, compute all in order, set with the version, and
/// give each its own value (client-sdk.md 11.1). One turn runs at a time.
/// </summary>
internal sealed class CounterWriter(ICoordClient client, string path, CounterOptions options)
{
    // Bounds the time of one turn's computing; further calls go into the next write.
    private const int OperationsPerWriteMax = 10_000;
    private const int ConflictsBeforeQueueing = 8;
    private const double FirstBackoffMs = 5;
    private const double LongestBackoffMs = 500;

    private readonly Lock gate = new();
    private readonly Queue<CounterOperation> waiting = new();
    private readonly CounterZnode znode = new(client, path, options);
    private DistributedMutex? queue;
    private CounterState? known;
    private bool isRunning;

    internal Task<CounterChange> Submit(CounterOperation operation)
    {
        lock (gate)
        {
            waiting.Enqueue(operation);
            if (!isRunning)
            {
                isRunning = true;
                _ = RunAsync();
            }
        }

        return operation.Result;
    }

    private async Task RunAsync()
    {
        // Callers of the same moment join the first write instead of the second.
        await Task.Yield();
        var batch = new List<CounterOperation>();
        while (TakeBatch(batch))
        {
            try
            {
                await WriteAsync(batch).ConfigureAwait(false);
            }
            catch (Exception e) when (e is CoordException or ObjectDisposedException or OperationCanceledException
                or TimeoutException)
            {
                known = null;
                foreach (var operation in batch)
                    operation.Fail(e);
            }
        }
    }

    private bool TakeBatch(List<CounterOperation> batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (batch.Count < OperationsPerWriteMax && waiting.TryDequeue(out var operation))
                batch.Add(operation);
            isRunning = batch.Count > 0;
            return isRunning;
        }
    }

    private async Task WriteAsync(List<CounterOperation> batch)
    {
        // A state kept from our own last write may be old by now: losing with it says nothing about contention.
        if (known is not null && await TryWriteAsync(batch).ConfigureAwait(false))
            return;
        for (var conflicts = 0; conflicts < ConflictsBeforeQueueing; conflicts++)
        {
            if (conflicts > 0)
                await BackOffAsync(conflicts).ConfigureAwait(false);
            if (await TryWriteAsync(batch).ConfigureAwait(false))
                return;
        }

        // Losers stand in line, so that one of them at a time competes with those who do not.
        queue ??= new DistributedMutex(client, $"{path}-queue", new MutexOptions { Parents = options.Parents });
        await using var turn = (await queue.AcquireAsync().ConfigureAwait(false)).ConfigureAwait(false);
        while (!await TryWriteAsync(batch).ConfigureAwait(false))
        {
            if (known is { Version: CounterZnode.VersionThatMeansAny, IsMissing: false })
                known = await znode.StepPastAsync(known).ConfigureAwait(false);
        }
    }

    /// <returns>False after a conflict.</returns>
    private async ValueTask<bool> TryWriteAsync(List<CounterOperation> batch)
    {
        var before = known ??= await znode.ReadAsync().ConfigureAwait(false);
        var value = before.Bytes.Value;
        foreach (var operation in batch)
            value = operation.Apply(value);

        if (value == before.Bytes.Value && batch.TrueForAll(static operation => !operation.ChangesValue))
            return await CompleteWithoutWriteAsync(batch, before).ConfigureAwait(false);
        if (before is { Version: CounterZnode.VersionThatMeansAny, IsMissing: false })
            return false;

        var tag = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        known = null;
        known = await znode.WriteAsync(before, before.Bytes.Next(value, tag), tag).ConfigureAwait(false);
        if (known is null)
            return false;
        foreach (var operation in batch)
            operation.Complete();
        return true;
    }

    /// <summary>Nothing to write: true only of a value that was current during the calls.</summary>
    private async ValueTask<bool> CompleteWithoutWriteAsync(List<CounterOperation> batch, CounterState before)
    {
        if (!before.IsCurrent)
        {
            known = await znode.ReadCurrentAsync().ConfigureAwait(false);
            return await TryWriteAsync(batch).ConfigureAwait(false);
        }

        known = before with { IsCurrent = false };
        foreach (var operation in batch)
            operation.Complete();
        return true;
    }

    private Task BackOffAsync(int conflicts)
    {
        var longest = Math.Min(LongestBackoffMs, FirstBackoffMs * (1 << (conflicts - 1)));
        return Task.Delay(TimeSpan.FromMilliseconds(longest * Random.Shared.NextDouble()), client.TimeProvider);
    }
}
