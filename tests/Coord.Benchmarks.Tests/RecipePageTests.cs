using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Coord.Benchmarks.Tests;

/// <summary>What benchmarks/recipes.sh makes of figures: medians, ratios, and whether the targets are met.</summary>
public sealed class RecipePageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-recipe-page-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Targets_are_held_against_the_medians_of_all_rounds()
    {
        object[] results =
        [
            // In the mean of its rounds Coord would miss what it reaches in their median.
            .. Rates("lock", "coord", 310, 10, 300), .. Rates("lock", "curator", 90, 100, 100),
            .. Rates("handoff", "coord", 499, 499, 900), .. Rates("handoff", "curator", 100, 100, 100),
            .. Rates("counter64", "coord", 5000), .. Rates("counter64", "curator", 500),
            .. Rates("counter64", "redis-always", 10001),
            new { round = 0, row = "version", store = "redis", failure = "it is not there" },
        ];
        var page = Write(results);

        Assert.Contains("| 300 (10 to 310) |", page);
        Assert.Contains("≥ 3 × Curator on ZooKeeper: 3 × ✓", page);
        Assert.Contains("≥ 5 × Curator on ZooKeeper: 5 × ✗", page);
        Assert.Contains("one wake-up for each: 1.00 ✓", page);
        Assert.Contains("≥ 10 × Curator on ZooKeeper: 10 × ✓", page);
        Assert.Contains("≥ 0.5 × Redis, flushed always: 0.5 × ✗", page);
        Assert.Contains("3 of 5 targets met; not handoff", page);
        Assert.Contains("- Redis, every second, version, round 1: it is not there", page);
        Assert.Contains("gave up without a result, not counted above: lock, Coord: 25%", page);
        Assert.Contains("increments, 64 clients", File.ReadAllText(Path.Combine(folder.FullName, "recipes.svg")));
    }

    [Fact]
    public void Processes_are_counted_as_one()
    {
        const string script = """
            import json
            from loads import figures
            from programs import shares, summed
            print(json.dumps([shares(10, 4), shares(1, 1), summed([
                figures("done=100 secs=5 failed=0 p50_ms=1 p99_ms=9 events=98 failure=none"),
                figures("done=300 secs=5 failed=100 p50_ms=3 p99_ms=4 events=302 failure=NoNodeException")])]))
            """;
        var found = JsonDocument.Parse(Run("python3", 0, "-B", "-c", script)).RootElement;

        Assert.Equal("[3, 3, 2, 2]", found[0].GetRawText());
        Assert.Equal("[1]", found[1].GetRawText());
        var sum = found[2];
        Assert.Equal(80, sum.GetProperty("rate").GetDouble());
        Assert.Equal(2, sum.GetProperty("p50_ms").GetDouble());
        Assert.Equal(9, sum.GetProperty("p99_ms").GetDouble());
        Assert.Equal(0.2, sum.GetProperty("failed_share").GetDouble());
        Assert.Equal(1, sum.GetProperty("events_per_op").GetDouble());
        Assert.Equal("""["NoNodeException"]""", sum.GetProperty("failures").GetRawText());
    }

    private static IEnumerable<object> Rates(string row, string store, params double[] rates) =>
        rates.Select((rate, round) => new
        {
            round,
            row,
            store,
            said = new
            {
                rate,
                p50_ms = 1.0,
                p99_ms = 2.0,
                failed_share = row == "lock" && store == "coord" ? 0.25 : 0,
                events_per_op = store.StartsWith("redis", StringComparison.Ordinal) ? (double?)null : 1.0,
                failures = Array.Empty<string>(),
            },
        });

    private string Write(object[] results)
    {
        var machine = new
        {
            cores = 2,
            processor = "any",
            memory_gib = 1,
            system = "any",
            load_before = 0,
            flush_ms = 0.1,
            versions = new { },
        };
        var kept = new
        {
            date = "2026-01-01",
            commit = "abc",
            rounds = 3,
            seconds = 5,
            warmup = 4,
            command = "benchmarks/recipes.sh",
            machine,
            results,
        };
        var figures = Path.Combine(folder.FullName, "figures.json");
        File.WriteAllText(figures, JsonSerializer.Serialize(kept));
        // One of the figures tells of a failure, so the script ends with 1.
        Run(Path.Combine(Root, "benchmarks", "recipes.sh"), 1, "--from", figures, "--output", folder.FullName);
        return File.ReadAllText(Path.Combine(folder.FullName, "recipes.md"));
    }

    private static string Run(string program, int expected, params string[] words)
    {
        Assert.SkipUnless(HasMatplotlib, "needs python3 and Debian's python3-matplotlib");
        var (code, output, error) = Start(program, words);
        Assert.True(code == expected, $"{program} ended with {code.ToString(CultureInfo.InvariantCulture)}: {error}");
        return output;
    }

    private static bool HasMatplotlib { get; } =
        File.Exists("/usr/bin/python3") && Start("/usr/bin/python3", "-c", "import matplotlib").Code == 0;

    private static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "Coord.sln")) ? folder : RootAbove(Path.GetDirectoryName(folder)!);

    private static (int Code, string Output, string Error) Start(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = $"{Root}/benchmarks/comparison:{Root}/benchmarks/recipes";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
