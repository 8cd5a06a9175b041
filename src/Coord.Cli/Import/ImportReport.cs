using System.Globalization;
using Spectre.Console;

namespace Coord.Cli.Import;

/// <summary>Tells the user how far an import is: in place on a terminal, else a line now and then.</summary>
internal sealed class ImportReport
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);
    private const int DifferencesShownMax = 20;

    private readonly bool isLive = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Waits for a piece of work and shows where it is.</summary>
    /// <param name="work">The work under way.</param>
    /// <param name="progress">Where it is, by its own words.</param>
    public async Task ShowAsync(Task work, object progress)
    {
        if (isLive)
        {
            await AnsiConsole.Status().StartAsync($"{progress}", async context =>
            {
                while (await Task.WhenAny(work, Task.Delay(LiveInterval)).ConfigureAwait(false) != work)
                    context.Status($"{progress}");
            }).ConfigureAwait(false);
        }
        else
        {
            while (await Task.WhenAny(work, Task.Delay(LineInterval)).ConfigureAwait(false) != work)
                Say($"{progress}");
        }

        await work.ConfigureAwait(false);
    }

    public static void Say(string line) => Console.Out.WriteLine(line);

    public static void Differences(IReadOnlyCollection<string> differences)
    {
        foreach (var difference in differences.Order(StringComparer.Ordinal).Take(DifferencesShownMax))
            Say($"  {difference}");
        if (differences.Count > DifferencesShownMax)
            Say(string.Create(
                CultureInfo.InvariantCulture, $"  ... and {differences.Count - DifferencesShownMax:N0} more"));
    }
}
