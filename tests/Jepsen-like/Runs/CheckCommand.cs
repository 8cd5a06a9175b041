using System.Diagnostics;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>check FILE: checks a recorded history again. Exit status 0 ok, 1 violated or undecided, 2 usage.</summary>
internal static class CheckCommand
{
    private const int FindingsShown = 5;

    public static int Execute(string[] options)
    {
        if (options is not [var path] || !File.Exists(path))
        {
            Console.Error.WriteLine("usage: check FILE (a history written by run)");
            return 2;
        }

        if (HistoryFile.WorkloadOf(path) is not { } name || WorkloadCatalog.Find(name) is not { } workload)
        {
            Console.Error.WriteLine($"{path}: the first line does not name a workload");
            return 2;
        }

        var history = HistoryFile.Read(path);
        var clock = Stopwatch.StartNew();
        var report = workload.Check(history);
        foreach (var finding in report.Findings.Take(FindingsShown))
            Console.WriteLine(finding);

        Console.WriteLine($"operations={report.Operations} unknown={report.Unknown} " +
            $"unknown_seen={report.UnknownSeen} keys={report.Keys} search_steps={report.SearchSteps} " +
            $"check_ms={clock.ElapsedMilliseconds} findings={report.Findings.Count} rules={report.Rules} " +
            $"verdict={report.Verdict}");
        return report.Verdict == "ok" ? 0 : 1;
    }
}
