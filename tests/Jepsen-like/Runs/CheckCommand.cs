using System.Diagnostics;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Runs;

/// <summary>
/// check FILE [--target NAME]: checks a recorded history again. Exit status 0 ok, 1 violated or undecided, 2 usage.
/// </summary>
internal static class CheckCommand
{
    private const int FindingsShown = 5;

    public static int Execute(string[] options)
    {
        var target = options switch
        {
            [_] => Target.Coord,
            [_, "--target", var name] => Target.Find(name),
            _ => null,
        };
        if (target is null || options[0] is not { } path || !File.Exists(path))
        {
            Console.Error.WriteLine("usage: check FILE [--target NAME] (a history written by a run on that target)");
            return 2;
        }

        if (HistoryFile.WorkloadOf(path) is not { } used || WorkloadCatalog.Find(used) is not { } workload)
        {
            Console.Error.WriteLine($"{path}: the first line does not name a workload");
            return 2;
        }

        var history = HistoryFile.Read(path);
        var clock = Stopwatch.StartNew();
        var report = target.Check(workload, history);
        foreach (var finding in report.Findings.Take(FindingsShown))
            Console.WriteLine(finding);

        Console.WriteLine($"operations={report.Operations} unknown={report.Unknown} " +
            $"unknown_seen={report.UnknownSeen} keys={report.Keys} search_steps={report.SearchSteps} " +
            $"check_ms={clock.ElapsedMilliseconds} findings={report.Findings.Count} rules={report.Rules} " +
            $"verdict={report.Verdict}");
        return report.Verdict == "ok" ? 0 : 1;
    }
}
