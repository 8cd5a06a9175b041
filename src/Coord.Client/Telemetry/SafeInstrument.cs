using System.Diagnostics.Metrics;

namespace Coord.Client;

/// <summary>
/// An instrument of the client. What its listeners throw ends here: they are called on the threads that keep the
/// session alive, under the client's locks, and once writes are applied and locks granted.
/// </summary>
internal sealed class SafeInstrument<T>
    where T : struct
{
    private readonly Instrument<T> instrument;
    private readonly Action<T, ReadOnlySpan<KeyValuePair<string, object?>>> record;

    internal SafeInstrument(Counter<T> counter)
    {
        instrument = counter;
        record = counter.Add;
    }

    internal SafeInstrument(Gauge<T> gauge)
    {
        instrument = gauge;
        record = gauge.Record;
    }

    internal SafeInstrument(Histogram<T> histogram)
    {
        instrument = histogram;
        record = histogram.Record;
    }

    /// <summary>Whether anybody listens.</summary>
    internal bool Enabled => instrument.Enabled;

    /// <summary>Counters add it.</summary>
    internal void Record(T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            record(value, tags);
        }
        catch (Exception)
        {
            // A value less in the listener's books.
        }
    }
}
