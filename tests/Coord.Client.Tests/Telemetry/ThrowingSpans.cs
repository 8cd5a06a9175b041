using System.Diagnostics;

namespace Coord.Client.Tests;

/// <summary>
/// A listener that throws at the spans of one trace, which begins with it: other tests of the process trace too.
/// </summary>
internal sealed class ThrowingSpans : IDisposable
{
    private readonly ActivityListener listener;
    private readonly Activity root = new("test");
    private int thrown;

    /// <param name="at">When it throws: <c>sampled</c>, <c>started</c> or <c>stopped</c>.</param>
    public ThrowingSpans(string at)
    {
        root.SetIdFormat(ActivityIdFormat.W3C).Start();
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Coord.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                if (options.TraceId != root.TraceId)
                    return ActivitySamplingResult.None;
                Throw(at == "sampled");
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = span => Throw(at == "started" && span.TraceId == root.TraceId),
            ActivityStopped = span => Throw(at == "stopped" && span.TraceId == root.TraceId),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public Activity Root => root;

    /// <summary>Spans it threw at.</summary>
    public int Thrown => Volatile.Read(ref thrown);

    public void Dispose()
    {
        listener.Dispose();
        root.Dispose();
    }

    private void Throw(bool isWanted)
    {
        if (!isWanted)
            return;
        Interlocked.Increment(ref thrown);
        throw new InvalidOperationException("on purpose");
    }
}
