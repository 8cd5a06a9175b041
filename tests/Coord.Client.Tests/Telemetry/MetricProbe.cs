using System.Diagnostics.Metrics;

namespace Coord.Client.Tests;

/// <summary>A meter of a test's own, and everything measured with it.</summary>
internal sealed class MetricProbe : IMeterFactory
{
    private readonly Meter meter = new("Coord.Client");
    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly List<Measured> all = [];
    private readonly Dictionary<string, Instrument> instruments = [];

    public MetricProbe()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter))
                return;
            lock (gate)
                instruments.Add(instrument.Name, instrument);
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>Instruments made so far, by name; making one twice throws.</summary>
    public IReadOnlyDictionary<string, Instrument> Instruments => instruments;

    /// <summary>The version of what measures, as the last client gave it.</summary>
    public string? Version { get; private set; }

    public Meter Create(MeterOptions options)
    {
        Assert.Equal(meter.Name, options.Name);
        Version = options.Version;
        return meter;
    }

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    /// <summary>What was measured with one instrument so far; of gauges, what they say now.</summary>
    public IReadOnlyList<Measured> Of(string name)
    {
        lock (gate)
            all.RemoveAll(measured => instruments[measured.Name].IsObservable);
        listener.RecordObservableInstruments();
        lock (gate)
            return [.. all.Where(measured => measured.Name == name)];
    }

    /// <summary>The only measurement so far with these attributes, and no others.</summary>
    public double ValueOf(string name, params string[] tags) =>
        Assert.Single(Of(name), measured => measured.Tags.SequenceEqual(tags)).Value;

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new List<string>();
        foreach (var tag in tags)
            texts.Add($"{tag.Key}={tag.Value}");
        lock (gate)
            all.Add(new Measured(instrument.Name, value, texts));
    }
}
