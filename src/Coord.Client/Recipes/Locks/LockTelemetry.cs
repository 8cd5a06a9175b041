using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coord.Client.Recipes;

/// <summary>What one lock tells meters and traces (client-sdk.md 18).</summary>
internal sealed class LockTelemetry
{
    private const string SpanName = "coord acquire";

    // Turns come within milliseconds or after a holder's whole work.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    private readonly ICoordClient client;
    private readonly SafeInstrument<double> acquireDuration;
    private readonly SafeInstrument<double> holdDuration;
    private readonly SafeInstrument<long> losses;
    private readonly SafeInstrument<long> waiters;
    private readonly KeyValuePair<string, object?> kindTag;
    private readonly KeyValuePair<string, object?> nameTag;
    private readonly bool tracesHolds;
    private long lastWaiters;

    internal LockTelemetry(ICoordClient client, string kind, string path, string? name, bool tracesHolds)
    {
        this.client = client;
        this.tracesHolds = tracesHolds;
        kindTag = new("coord.lock.kind", kind);
        nameTag = new("coord.lock.name", name ?? ZnodePath.Name(path));
        // A meter gives the same instrument again for the same name.
        acquireDuration = new(client.Meter.CreateHistogram(
            "coord.lock.acquire.duration", "s", "How long acquiring took, whatever came of it.", null, Seconds));
        holdDuration = new(client.Meter.CreateHistogram(
            "coord.lock.hold.duration", "s", "How long locks were held.", null, Seconds));
        losses = new(client.Meter.CreateCounter<long>(
            "coord.lock.lost", "{lock}", "Locks lost while they were held."));
        waiters = new(client.Meter.CreateGauge<long>(
            "coord.lock.waiters", "{contender}", "Who stands in line behind the holder, as seen by one who waits."));
    }

    /// <summary>Measures an attempt to acquire.</summary>
    internal ValueTask<T?> AcquireAsync<T>(Func<ValueTask<T?>> acquire)
        where T : class =>
        acquireDuration.Enabled || ClientTracing.IsHeard ? ObserveAsync(acquire) : acquire();

    /// <summary>A turn was granted.</summary>
    /// <returns>To be told of its end; null while nobody listens.</returns>
    internal LockHold? BeginHold()
    {
        var activity = tracesHolds ? ClientTracing.Start("coord hold") : null;
        activity?.AddTag(kindTag.Key, kindTag.Value).AddTag(nameTag.Key, nameTag.Value);
        return activity is not null || holdDuration.Enabled || losses.Enabled
            ? new LockHold(this, client.TimeProvider, activity) : null;
    }

    /// <summary>A contender has looked at the line.</summary>
    /// <param name="line">Who waits for whom.</param>
    /// <param name="names">All children.</param>
    /// <param name="own">Our name.</param>
    internal void Looked(ContenderLine line, IReadOnlyList<string> names, string own)
    {
        if ((Acquiring() is null && !waiters.Enabled) || !line.TryReadSequence(own, out var ownSequence))
            return;
        var standing = 0;
        var before = 0;
        foreach (var name in names)
        {
            if (!line.TryReadSequence(name, out var sequence))
                continue;
            standing++;
            before += ContenderLine.IsBefore(sequence, ownSequence) ? 1 : 0;
        }

        Looked(Math.Max(0, standing - 1), before);
    }

    /// <param name="others">Who else stands in line.</param>
    /// <param name="before">How many of them before us.</param>
    internal void Looked(int others, int before)
    {
        Volatile.Write(ref lastWaiters, others);
        waiters.Record(others, kindTag, nameTag);
        Acquiring()?.AddEvent(new ActivityEvent(
            "coord.lock.position", tags: new ActivityTagsCollection { ["coord.lock.position"] = before }));
    }

    /// <summary>One of those who were seen waiting goes without the lock.</summary>
    internal void Left()
    {
        if (waiters.Enabled)
            waiters.Record(Math.Max(0, Interlocked.Decrement(ref lastWaiters)), kindTag, nameTag);
    }

    /// <summary>Links our span to that of the first in line, if its record says which that is.</summary>
    /// <param name="line">Who waits for whom.</param>
    /// <param name="root">Their parent.</param>
    /// <param name="names">Children, the first in line among them; null: not known.</param>
    /// <param name="ct">Ends the look.</param>
    internal async ValueTask LinkAsync(
        ContenderLine line, string root, IReadOnlyList<string>? names, CancellationToken ct)
    {
        if (Acquiring() is not { } acquiring)
            return;
        try
        {
            names ??= (await client.GetChildrenAsync(root, null, ct).ConfigureAwait(false)).Names;
            // We may have been deleted meanwhile, and the others with us.
            if (line.InOrder(names).FirstOrDefault().Name is not { } first)
                return;
            var znode = await client.TryGetAsync(ZnodePath.Combine(root, first), null, ct).ConfigureAwait(false);
            if (znode is not null && ContenderBytes.Read(znode.Bytes.Span)?.TraceParent is { } parent
                && ActivityContext.TryParse(parent, null, isRemote: true, out var context))
                acquiring.AddLink(new ActivityLink(context));
        }
        catch (CoordException)
        {
            // The trace is poorer for it; what the lock needs it reads by itself.
        }
    }

    internal void EndHold(TimeSpan held, string result, string? reason)
    {
        holdDuration.Record(held.TotalSeconds, kindTag, nameTag, new("coord.lock.result", result));
        if (reason is not null)
            losses.Record(1, kindTag, nameTag, new("coord.lock.reason", reason));
    }

    private static Activity? Acquiring() =>
        Activity.Current is { OperationName: SpanName, IsAllDataRequested: true } activity ? activity : null;

    private async ValueTask<T?> ObserveAsync<T>(Func<ValueTask<T?>> acquire)
        where T : class
    {
        var began = client.TimeProvider.GetTimestamp();
        var activity = ClientTracing.Start(SpanName);
        activity?.AddTag(kindTag.Key, kindTag.Value).AddTag(nameTag.Key, nameTag.Value);
        // Requests of the acquisition belong below it.
        Activity.Current = activity ?? Activity.Current;
        var result = "failed";
        try
        {
            var granted = await acquire().ConfigureAwait(false);
            result = granted is null ? "not_granted" : "granted";
            return granted;
        }
        catch (OperationCanceledException)
        {
            result = "cancelled";
            throw;
        }
        catch (Exception e)
        {
            activity?.SetTag("error.type", ClientTracing.ErrorType(e)).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            var tag = new KeyValuePair<string, object?>("coord.lock.result", result);
            acquireDuration.Record(client.TimeProvider.GetElapsedTime(began).TotalSeconds, kindTag, nameTag, tag);
            ClientTracing.Stop(activity?.AddTag(tag.Key, tag.Value));
        }
    }
}
