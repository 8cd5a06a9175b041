using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Coord.Client;

/// <summary>
/// The instruments of the clients that share a meter (client-sdk.md 18). Gauges tell of all of them together: the sum,
/// and of deadlines the nearest.
/// </summary>
internal sealed class ClientMetrics
{
    internal const string MeterName = "Coord.Client";

    private static readonly ConditionalWeakTable<Meter, ClientMetrics> Known = new();
    private static readonly SessionState[] States = Enum.GetValues<SessionState>();
    private static readonly Meter Shared = new(OptionsOfMeter());

    // Calls take from a fraction of a millisecond to RequestTimeout; the usual boundaries are made for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Lock gate = new();
    private readonly List<ClientCore> clients = [];

    private ClientMetrics(Meter meter)
    {
        OperationDuration = new(meter.CreateHistogram(
            "coord.client.operation.duration", "s", "Calls, from being made to their outcome.", null, Seconds));
        OperationRetries = new(meter.CreateCounter<long>(
            "coord.client.operation.retries", "{retry}", "Requests sent again because their reply was lost."));
        SessionTransitions = new(meter.CreateCounter<long>(
            "coord.client.session.transitions", "{transition}", "Changes of clients' states."));
        HeartbeatDelay = new(meter.CreateHistogram(
            "coord.client.heartbeat.delay", "s", "How much later than due heartbeats are sent.", null, Seconds));
        Pauses = new(meter.CreateCounter<long>(
            "coord.client.pause", "{pause}",
            "Moments in which the process stood still for long; each client counts."));
        WatchResyncs = new(meter.CreateCounter<long>(
            "coord.client.watch.resyncs", "{resync}", "Gaps that watch streams were told of."));
        WatchEvents = new(meter.CreateCounter<long>(
            "coord.client.watch.events", "{event}", "Watch events received."));
        WatchOverflows = new(meter.CreateCounter<long>(
            "coord.client.watch.overflows", "{overflow}", "Streams of a subtree whose reader was too slow."));
        meter.CreateObservableUpDownCounter(
            "coord.client.in_flight", () => Sum(static client => client.InFlight), "{request}",
            "Requests sent and not answered yet.");
        meter.CreateObservableGauge<int>(
            "coord.client.session.state", CountStates, "{state}", "Clients in each state.");
        meter.CreateObservableGauge<double>(
            "coord.client.session.deadline.remaining", NearestDeadline, "s",
            "How long the session is certainly alive, of the one nearest to its end.");
        meter.CreateObservableGauge(
            "coord.client.sweeper.backlog", () => Sum(static client => client.Sweeper.Backlog), "{znode}",
            "Znodes that calls gave up on and that wait to be deleted.");
    }

    internal SafeInstrument<double> OperationDuration { get; }

    internal SafeInstrument<long> OperationRetries { get; }

    internal SafeInstrument<long> SessionTransitions { get; }

    internal SafeInstrument<double> HeartbeatDelay { get; }

    internal SafeInstrument<long> Pauses { get; }

    internal SafeInstrument<long> WatchResyncs { get; }

    internal SafeInstrument<long> WatchEvents { get; }

    internal SafeInstrument<long> WatchOverflows { get; }

    /// <summary>The meter of a factory, or the one of the process.</summary>
    internal static Meter MeterOf(IMeterFactory? factory) => factory?.Create(OptionsOfMeter()) ?? Shared;

    internal static ClientMetrics Of(Meter meter) =>
        Known.GetValue(meter, static meter => new ClientMetrics(meter));

    /// <summary>From now on the gauges tell of this client.</summary>
    internal void Add(ClientCore client)
    {
        lock (gate)
            clients.Add(client);
    }

    internal void Remove(ClientCore client)
    {
        lock (gate)
            clients.Remove(client);
    }

    internal void CountTransition(SessionState from, SessionState to, string reason)
    {
        if (SessionTransitions.Enabled)
        {
            SessionTransitions.Record(
                1, new("coord.session.from", NameOf(from)), new("coord.session.to", NameOf(to)),
                new("coord.session.reason", reason));
        }
    }

    private static MeterOptions OptionsOfMeter() => new(MeterName) { Version = LibraryVersion.Text };

    private static string NameOf(SessionState state) => state switch
    {
        SessionState.Idle => "idle",
        SessionState.Connecting => "connecting",
        SessionState.Connected => "connected",
        SessionState.ConnectedReadOnly => "connected_read_only",
        SessionState.Suspended => "suspended",
        SessionState.Lost => "lost",
        SessionState.AuthFailed => "auth_failed",
        _ => "closed",
    };

    private ClientCore[] Snapshot()
    {
        lock (gate)
            return [.. clients];
    }

    private long Sum(Func<ClientCore, long> value) => Snapshot().Sum(value);

    private IEnumerable<Measurement<int>> CountStates()
    {
        // Not the keeper's own: it counts transitions under its lock, and a listener may hold one here and there.
        var present = Array.ConvertAll(Snapshot(), static client => client.Keeper.Transitions.Latest.State);
        return States.Select(state => new Measurement<int>(
            present.Count(of => of == state),
            new KeyValuePair<string, object?>("coord.session.state", NameOf(state))));
    }

    private IEnumerable<Measurement<double>> NearestDeadline()
    {
        var alive = Snapshot().Select(static client => client.Keeper.Session)
            .Where(static session => session is { Epoch: > 0, IsLost: false }).ToArray();
        return alive.Length == 0 ? [] : [new(alive.Min(static session => session.Remaining.TotalSeconds))];
    }
}
