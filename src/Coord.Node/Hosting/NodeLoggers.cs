using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>Where everything that runs in this process logs: standard output, a line each.</summary>
internal static class NodeLoggers
{
    public static ILoggerFactory Create() => LoggerFactory.Create(
        builder => builder.AddProvider(new NodeLoggerProvider(Console.Out)).SetMinimumLevel(LogLevel.Debug));
}
