using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Runs;

/// <summary>run: a run of its own. Exit status 0 ok, 1 violated or undecided, 2 usage.</summary>
internal static class RunCommand
{
    private const int FindingsShown = 5;
    private const int FindingsDrawn = 50;

    public static async Task<int> ExecuteAsync(string[] arguments)
    {
        if (RunOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(RunOptions.Usage);
            return 2;
        }

        if (await RunAsync(options) is not { } result)
            return 1;
        if (options.HistoryPath is not null)
            HistoryFile.Write(options.HistoryPath, result.History);
        if (result.Verdict != "ok")
            Console.WriteLine($"{result.Failure}\noffending part of the history: {WriteOffending(result)}");

        Console.WriteLine(result.Figures());
        return result.Verdict == "ok" ? 0 : 1;
    }

    private static async Task<RunResult?> RunAsync(RunOptions options)
    {
        try
        {
            return await new JepsenRun(options, Console.WriteLine).ExecuteAsync();
        }
        catch (Exception error) when (error is LauncherException or NotServingException)
        {
            await Console.Error.WriteLineAsync($"the run could not begin or end: {error.Message}");
            return null;
        }
    }

    /// <summary>Writes the history of the keys concerned; beside it the findings in words and as a picture.</summary>
    public static string WriteOffending(RunResult result)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Launcher.RepositoryRoot(), "artifacts", "jepsen-like"));
        var path = Path.Combine(folder.FullName, $"{result.Options.Seed}.history");
        HistoryFile.Write(path, result.Report.Findings.Count == 0 ? result.History
            : result.Report.Offending(result.History));
        File.WriteAllText(path + ".html", Picture.Draw([.. result.Report.Findings.Take(FindingsDrawn)]));
        File.WriteAllLines(path + ".findings", result.Report.Findings.Select(f => f.ToString()));
        foreach (var finding in result.Report.Findings.Take(FindingsShown))
            Console.WriteLine(finding);
        return path;
    }
}
