using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Telemetry;

/// <summary>Sends what the client measures and traces to an OpenTelemetry collector.</summary>
public static class Exporters
{
    public static MeterProvider ExportMetrics(Uri collector) =>
        Sdk.CreateMeterProviderBuilder()
            .AddMeter("Coord.Client")
            .AddOtlpExporter(otlp => Send(otlp, new Uri(collector, "v1/metrics")))
            .Build();

    public static TracerProvider ExportTraces(Uri collector) =>
        Sdk.CreateTracerProviderBuilder()
            .AddSource("Coord.Client")
            .AddOtlpExporter(otlp => Send(otlp, new Uri(collector, "v1/traces")))
            .Build();

    private static void Send(OtlpExporterOptions otlp, Uri endpoint)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = endpoint;
    }
}
