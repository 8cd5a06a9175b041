using Spectre.Console;

namespace FlashSale.Display;

/// <summary>Standard output: colours and live pictures on a terminal, plain text in a pipe or file.</summary>
internal static class Terminal
{
    private const int PlainWidth = 200;

    public static bool IsLive => !Console.IsOutputRedirected && Output.Profile.Capabilities.Ansi;

    public static IAnsiConsole Output { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;

        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = PlainWidth;
        return console;
    }
}
