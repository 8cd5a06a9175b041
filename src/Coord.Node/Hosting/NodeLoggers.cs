using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>Where everything that runs in this process logs: standard output, a line each.</summary>
internal static class NodeLoggers
{
    // Of the process, as standard output is.
    private static readonly Lazy<LogOutput> Output =
        new(() => new LogOutput(Console.Out, NodeLimits.Default.LogCharactersMax));

    public static ILoggerFactory Create() => Create(Output.Value);

    /// <summary>Lets lines that were logged go out, for so long at most.</summary>
    public static void Drain(TimeSpan patience)
    {
        if (Output.IsValueCreated)
            Output.Value.Drain(patience);
    }

    /// <summary>The same with lines that go elsewhere. Who disposes it waits until they are written.</summary>
    internal static ILoggerFactory Create(LogOutput output) => LoggerFactory.Create(builder =>
    {
        // A provider that is given ready-made is not disposed with the factory; one that it makes itself is.
        builder.Services.AddSingleton<ILoggerProvider>(_ => new NodeLoggerProvider(output));
        builder.SetMinimumLevel(LogLevel.Debug);
    });
}
