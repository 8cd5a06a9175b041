using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>Where everything that runs in this process logs: standard output, a line each.</summary>
internal static class NodeLoggers
{
    // Of the process, as standard output is.
    private static readonly Lazy<LogOutput> Output =
        new(() => new LogOutput(Console.Out, NodeLimits.Default.LogCharactersMax));

    public static ILoggerFactory Create() => LoggerFactory.Create(
        builder => builder.AddProvider(new NodeLoggerProvider(Output.Value)).SetMinimumLevel(LogLevel.Debug));

    /// <summary>Lets lines that were logged go out, for so long at most.</summary>
    public static void Drain(TimeSpan patience)
    {
        if (Output.IsValueCreated)
            Output.Value.Drain(patience);
    }
}
