using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Reports;

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
            await Console.Error.WriteLineAsync(RunOptions.Usage());
            return 2;
        }

        if (options.Objection() is { } objection)
        {
            await Console.Error.WriteLineAsync(objection);
            return 2;
        }

        if (await RunAsync(options) is not { } result)
            return 1;
        if (options.HistoryFolder is not null)
            WriteHistories(options.HistoryFolder, result);
        if (result.Verdict != "ok")
            Console.WriteLine($"{result.Failure}\noffending histories: {WriteOffending(result)}");
        Console.WriteLine($"report: {WritePage(result)}");

        Console.WriteLine(result.Figures());
        return result.Verdict == "ok" ? 0 : 1;
    }

    private static async Task<RunResult?> RunAsync(RunOptions options)
    {
        try
        {
            return await new JepsenRun(options, Console.WriteLine).ExecuteAsync();
        }
        catch (Exception error) when (error is LauncherException or NotServingException or NetworkException
            or UnavailableException)
        {
            await Console.Error.WriteLineAsync($"the run could not begin or end: {error.Message}");
            return null;
        }
        catch (Exception error)
        {
            // The command line would tell of it in its own words, and of a cancellation not at all.
            await Console.Error.WriteLineAsync($"the run could not begin or end: {error}");
            return null;
        }
    }

    private static void WriteHistories(string folder, RunResult result)
    {
        Directory.CreateDirectory(folder);
        foreach (var workload in result.Workloads)
        {
            var path = Path.Combine(folder, $"{result.Options.Seed}-{workload.Workload.Name}.history");
            HistoryFile.Write(path, workload.Workload.Name, workload.History);
        }
    }

    private static string WritePage(RunResult result)
    {
        var path = Path.Combine(DefaultFolder(), $"run-{result.Options.Seed}.html");
        RunPage.Write(path, result, RunSummaries.OfSingle(result));
        return path;
    }

    private static string DefaultFolder() => Directory.CreateDirectory(
        Path.Combine(Launcher.RepositoryRoot(), "artifacts", "jepsen-like")).FullName;

    /// <summary>
    /// Writes the histories of the keys concerned; beside each the findings in words and as a picture.
    /// </summary>
    /// <param name="result">With findings, or failed.</param>
    /// <param name="folder">Where they go; by default among the artifacts.</param>
    /// <returns>The files of histories.</returns>
    public static string WriteOffending(RunResult result, string? folder = null)
    {
        folder ??= DefaultFolder();
        var paths = new List<string>();
        foreach (var (workload, history, report) in result.Workloads)
        {
            if (report.Findings.Count == 0 && result.Verdict != "failed")
                continue;
            var path = Path.Combine(folder, $"{result.Options.Seed}-{workload.Name}.history");
            HistoryFile.Write(path, workload.Name, report.Findings.Count == 0 ? history : report.Offending(history));
            File.WriteAllText(path + ".html", Picture.Draw([.. report.Findings.Take(FindingsDrawn)]));
            File.WriteAllLines(path + ".findings", report.Findings.Select(finding => finding.ToString()));
            foreach (var finding in report.Findings.Take(FindingsShown))
                Console.WriteLine(finding);
            paths.Add(path);
        }

        return string.Join(' ', paths);
    }
}
