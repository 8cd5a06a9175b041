using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Coord.Client.Tests;

/// <summary>A meter of a test's own, whose listener throws at each measurement.</summary>
internal sealed class ThrowingMeter : IMeterFactory
{
    private readonly Meter meter = new("Coord.Client");
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, bool> thrown = new();

    public ThrowingMeter()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Throw(instrument));
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Throw(instrument));
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => Throw(instrument));
        listener.Start();
    }

    /// <summary>Names of the instruments it threw at.</summary>
    public HashSet<string> Thrown => [.. thrown.Keys];

    public Meter Create(MeterOptions options) => meter;

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    private void Throw(Instrument instrument)
    {
        thrown[instrument.Name] = true;
        throw new InvalidOperationException("on purpose");
    }
}
