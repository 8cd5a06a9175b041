namespace Coord.Client;

/// <summary>Reads both clocks of a <see cref="TimeProvider"/>.</summary>
internal sealed class ClientClock(TimeProvider provider)
{
    internal TimeProvider Provider { get; } = provider;

    internal Moment Now => new(MonotonicTicks, Provider.GetUtcNow().UtcTicks);

    /// <summary>Monotonic time alone, for limits that nobody else relies on.</summary>
    internal long MonotonicTicks => Provider.GetElapsedTime(0).Ticks;
}
