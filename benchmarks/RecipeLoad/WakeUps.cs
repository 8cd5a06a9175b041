using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coord.RecipeLoad;

/// <summary>Counts the watch events that the clients of this process receive within the measured time.</summary>
internal sealed class WakeUps : IDisposable
{
    private readonly MeterListener listener = new();
    private long events;

    internal WakeUps(Window window)
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Coord.Client", Name: "coord.client.watch.events" })
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) =>
        {
            if (window.Holds(Stopwatch.GetTimestamp()))
                Interlocked.Add(ref events, count);
        });
        listener.Start();
    }

    internal long Events => Interlocked.Read(ref events);

    public void Dispose() => listener.Dispose();
}
