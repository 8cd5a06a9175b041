using System.Diagnostics;

namespace Coord.Client.Tests;

/// <summary>The spans of one trace, which begins with the probe: other tests of the process trace too.</summary>
internal sealed class SpanProbe : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Activity> ended = [];
    private readonly ActivityListener listener;
    private readonly Activity root = new("test");

    public SpanProbe()
    {
        root.SetIdFormat(ActivityIdFormat.W3C).Start();
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Coord.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == root.TraceId
                ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                lock (gate)
                    ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public Activity Root => root;

    public void Dispose()
    {
        listener.Dispose();
        root.Dispose();
    }

    public IReadOnlyList<Activity> Named(string name)
    {
        lock (gate)
            return [.. ended.Where(activity => activity.OperationName == name && activity.TraceId == root.TraceId)];
    }

    /// <summary>The attributes of a span as <c>name=value</c>.</summary>
    public static IReadOnlyList<string> TagsOf(Activity span) =>
        [.. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)];
}
