using System.Diagnostics.Metrics;

namespace Coord.Client.Tests;

/// <summary>
/// While nobody listens, telemetry costs a call three looks. Alone in the process: listeners to spans are the
/// process's.
/// </summary>
[Collection(nameof(UnheardTests))]
public sealed class UnheardTests
{
    [Fact]
    public void A_call_is_observed_only_while_somebody_listens()
    {
        using var unheard = new Meter("Coord.Client");
        Assert.Null(ObservedCall.Begin(ClientMetrics.Of(unheard), TimeProvider.System, "get"));

        using var probe = new MetricProbe();
        var heard = ClientMetrics.Of(ClientMetrics.MeterOf(probe));
        Assert.NotNull(ObservedCall.Begin(heard, TimeProvider.System, "get"));
        using var spans = new SpanProbe();
        Assert.NotNull(ObservedCall.Begin(ClientMetrics.Of(unheard), TimeProvider.System, "get"));
    }

    [CollectionDefinition(nameof(UnheardTests), DisableParallelization = true)]
    public sealed class Collection;
}
