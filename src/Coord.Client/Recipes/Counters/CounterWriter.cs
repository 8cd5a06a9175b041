using System.Numerics;
using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// Combines the calls of one process into one write at a time and gives each its own value (client-sdk.md 11.1): by
/// the server where it can add, otherwise by reading, computing all in order, and setting with the version. One turn
/// runs at a time.
/// </summary>
internal sealed class CounterWriter(ICoordClient client, string path, CounterOptions options)
{
    // Bounds the time of one turn's computing, here or at the server; further calls go into the next write.
    private const int OperationsPerWriteMax = CounterAddRequest.TimesMax;

    private readonly Lock gate = new();
    private readonly Queue<CounterOperation> waiting = new();
    private readonly CounterZnode znode = new(client, path, options);
    private readonly WriteContention contention = new(client, path, options.Parents, options.QueueTimeout);
    private readonly SafeInstrument<int> attemptsPerWrite = new(client.Meter.CreateHistogram<int>(
        "coord.counter.attempts", "{attempt}", "Writes tried until the calls combined in one were counted."));
    private readonly KeyValuePair<string, object?> nameTag =
        new("coord.counter.name", options.Name ?? ZnodePath.Name(path));
    private CounterState? known;
    private int attempts;
    private bool isRunning;

    internal Task<CounterChange> Submit(CounterOperation operation)
    {
        lock (gate)
        {
            waiting.Enqueue(operation);
            if (isRunning)
                return operation.Result;
            isRunning = true;
        }

        // A turn serves many callers: it belongs to the flow of none.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RunAsync);
        return operation.Result;
    }

    private async Task RunAsync()
    {
        var batch = new List<CounterOperation>();
        while (TakeBatch(batch))
        {
            attempts = 0;
            try
            {
                await WriteAsync(batch).ConfigureAwait(false);
                if (attempts > 0)
                    attemptsPerWrite.Record(attempts, nameTag, new("coord.counter.combined", CombinedSize(batch)));
            }
            catch (Exception e)
            {
                known = null;
                foreach (var operation in batch)
                    operation.Fail(e);
            }
        }
    }

    // Powers of two: the attribute stays as short as a histogram's buckets.
    private static uint CombinedSize(List<CounterOperation> batch) =>
        BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, batch.Count));

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

    private async ValueTask WriteAsync(List<CounterOperation> batch)
    {
        if (await TryAddAsync(batch).ConfigureAwait(false))
            return;
        // A state kept from our own last write may be old by now: losing with it says nothing about contention.
        if (known is null || await TryWriteAsync(batch).ConfigureAwait(false) != WriteAttempt.Done)
            await contention.RunAsync(() => AttemptAsync(batch)).ConfigureAwait(false);
    }

    // Who was too early for the server, before the znode was there, would lose against those who have it add for ever.
    private async ValueTask<WriteAttempt> AttemptAsync(List<CounterOperation> batch) =>
        await TryAddAsync(batch).ConfigureAwait(false)
            ? WriteAttempt.Done : await TryWriteAsync(batch).ConfigureAwait(false);

    private async ValueTask<bool> TryAddAsync(List<CounterOperation> batch)
    {
        batch.RemoveAll(static operation => operation.Result.IsCompleted);
        var adds = AddsOf(batch);
        if (adds.Count == 0 || await znode.TryAddAsync(adds).ConfigureAwait(false) is not { } added)
            return false;

        known = null;
        attempts = 1;
        var value = added.Before;
        foreach (var operation in batch)
            value = operation.Apply(value);
        foreach (var operation in batch)
            operation.Complete();
        return true;
    }

    /// <summary>The additions in their order, equal ones in a row as one; none if something else is among
    /// them.</summary>
    private static List<CounterAdd> AddsOf(List<CounterOperation> batch)
    {
        var adds = new List<CounterAdd>();
        foreach (var operation in batch)
        {
            if (operation.Add is not { } add)
                return [];
            if (adds.Count > 0 && adds[^1] with { Times = 1 } == add)
                adds[^1] = adds[^1] with { Times = adds[^1].Times + 1 };
            else
                adds.Add(add);
        }

        return adds;
    }

    private async ValueTask<WriteAttempt> TryWriteAsync(List<CounterOperation> batch)
    {
        // Who was cancelled before a write was sent is not counted.
        batch.RemoveAll(static operation => operation.Result.IsCompleted);
        if (batch.Count == 0)
            return WriteAttempt.Done;
        var before = known ?? await znode.ReadAsync().ConfigureAwait(false);
        known = null;
        var value = before.Bytes.Value;
        foreach (var operation in batch)
            value = operation.Apply(value);

        if (batch.TrueForAll(static operation => !operation.ChangesValue))
            return await CompleteWithoutWriteAsync(batch, before).ConfigureAwait(false);
        if (before.IsMissing)
        {
            await znode.CreateAsync().ConfigureAwait(false);
            return await TryWriteAsync(batch).ConfigureAwait(false);
        }

        if (before.Version == WriteContention.VersionThatMeansAny)
            return WriteAttempt.VersionMeansAny;
        var tag = LastWrites.NewTag();
        attempts++;
        var next = before.Bytes.Next(value, tag, before.Stat.Mzxid);
        known = await znode.WriteAsync(before, next, tag).ConfigureAwait(false);
        if (known is null)
            return WriteAttempt.Conflict;
        foreach (var operation in batch)
            operation.Complete();
        return WriteAttempt.Done;
    }

    /// <summary>Nothing to write: true only of a value that was current during the calls.</summary>
    private async ValueTask<WriteAttempt> CompleteWithoutWriteAsync(List<CounterOperation> batch, CounterState before)
    {
        if (!before.IsCurrent)
        {
            known = await znode.ReadCurrentAsync().ConfigureAwait(false);
            return await TryWriteAsync(batch).ConfigureAwait(false);
        }

        known = before.IsMissing ? null : before with { IsCurrent = false };
        foreach (var operation in batch)
            operation.Complete();
        return WriteAttempt.Done;
    }
}
