using System.Diagnostics;

namespace Coord.Repository.Tests;

/// <summary>
/// <c>.ci/summary.awk</c>: of a long output only the end is kept, so the end must say what failed, and the sums must
/// count what a dead test process left out.
/// </summary>
public class CiSummaryTests
{
    private const string Passing = """
        Test run for /src/tests/One.Tests/bin/Release/net10.0/One.Tests.dll (.NETCoreApp,Version=v10.0)
        Passed!  - Failed:     0, Passed:    12, Skipped:     1, Total:    13, Duration: 2 s - One.Tests.dll (net10.0)

        """;

    private const string Failing = """
        Test run for /src/tests/Two.Tests/bin/Release/net10.0/Two.Tests.dll (.NETCoreApp,Version=v10.0)
        [xUnit.net 00:00:03.85]     Two.Tests.Locks.A_lock_is_held(name: "a [b]") [FAIL]
          Failed Two.Tests.Locks.A_lock_is_held(name: "a [b]") [1 m 3 s]
          Error Message:
           Assert.Equal() Failure: Values differ
        Expected: 1
        Actual:   2
          Stack Trace:
             at Two.Tests.Locks.A_lock_is_held() in /src/tests/Two.Tests/Locks.cs:line 4
          Standard Output Messages:
         seed 7
        Failed!  - Failed:     1, Passed:    30, Skipped:     0, Total:    31, Duration: 3 s - Two.Tests.dll (net10.0)

        """;

    private const string Dead = """
        Test run for /src/tests/Three.Tests/bin/Release/net10.0/Three.Tests.dll (.NETCoreApp,Version=v10.0)
        [xUnit.net 00:01:05.15]     [FATAL ERROR] Xunit.Sdk.TestPipelineException

        """;

    private const string SumOfDead = """
        Passed!  - Failed:     0, Passed:     8, Skipped:     0, Total:     8, Duration: 1 s - Three.Tests.dll (net10.0)

        """;

    [Fact]
    public void The_sums_of_all_projects_the_random_run_and_the_faults_are_added()
    {
        var (lines, code) = Summarize(Passing + Passing, code: 0, randomCode: 0);
        Assert.Equal("26 passed, 0 failed, 2 skipped", lines[^1]);
        Assert.Contains("One.Tests: 12 passed, 0 failed, 1 skipped, 2 s", lines);
        Assert.Equal(0, code);
    }

    [Fact]
    public void A_failed_test_is_named_with_what_it_said()
    {
        var (lines, code) = Summarize(Passing + Failing + Passing, code: 1, randomCode: 0);
        Assert.Equal("56 passed, 1 failed, 2 skipped", lines[^1]);
        Assert.Equal("  Two.Tests.Locks.A_lock_is_held(name: \"a [b]\") [1 m 3 s]", lines[^2]);
        Assert.Contains("    Actual:   2", lines);
        Assert.Contains("     seed 7", lines);
        Assert.Contains(lines, line => line.Contains("Locks.cs:line 4", StringComparison.Ordinal));
        Assert.Equal(1, code);
    }

    // The runner ends with the sums of those that had ended, or with none at all.
    [Theory]
    [InlineData("")]
    [InlineData(SumOfDead)]
    public void A_test_process_that_died_is_a_failure_with_a_name(string sums)
    {
        var (lines, code) = Summarize(Passing + Dead + sums + Failing, code: 1, randomCode: 0);
        Assert.Contains("Three.Tests: the test process died before all its tests had ended", lines);
        Assert.EndsWith(" 2 failed, 1 skipped", lines[^1], StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Fact]
    public void Projects_that_ran_side_by_side_are_told_apart_by_their_sums()
    {
        var first = Passing.Split('\n', 2);
        var second = Failing.Split('\n', 2);
        var (lines, code) = Summarize(
            $"{first[0]}\n{second[0]}\n{first[1]}{second[1]}", code: 1, randomCode: 0);
        Assert.Contains("One.Tests: 12 passed, 0 failed, 1 skipped, 2 s", lines);
        Assert.Contains("Two.Tests: 30 passed, 1 failed, 0 skipped, 3 s", lines);
        Assert.Contains("  Two.Tests.Locks.A_lock_is_held(name: \"a [b]\") [1 m 3 s]", lines);
        Assert.Equal("44 passed, 1 failed, 1 skipped", lines[^1]);
        Assert.Equal(1, code);
    }

    [Fact]
    public void A_process_that_died_beside_another_is_one_of_the_two()
    {
        var other = Passing.Split('\n', 2);
        var (lines, _) = Summarize($"{other[0]}\n{Dead}{SumOfDead}{other[1]}", code: 1, randomCode: 0);
        Assert.Contains(lines, line => line is
            "One.Tests or Three.Tests: the test process died before all its tests had ended"
            or "Three.Tests or One.Tests: the test process died before all its tests had ended");
        Assert.EndsWith(" 1 failed, 1 skipped", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_broke_is_a_failure_and_so_is_a_failed_seed()
    {
        const string Error = "/src/A.cs(1,2): error CS1002: ; expected [/src/A.csproj]\n";
        var (lines, code) = Summarize(Error, code: 1, randomCode: 1);
        Assert.Equal("1 passed, 2 failed, 0 skipped", lines[^1]);
        Assert.Contains(lines, line => line.Contains("error CS1002", StringComparison.Ordinal));
        Assert.Contains("random seeds: exit code 1", lines);
        Assert.Equal(1, code);
    }

    /// <summary>What the random run printed stands in front of a long summary, and is not kept.</summary>
    [Fact]
    public void A_failed_seed_is_told_again_with_the_command_that_replays_it()
    {
        var log = Path.GetTempFileName();
        File.WriteAllText(log, """
            from seed 7
            seed 9: two leaders in term 4
            replay: dotnet run --project tests/Coord.Simulation -c Release -- run --from 9 --seeds 1
            12 seeds, 1 failed

            """);
        var (lines, _) = Summarize(Passing, code: 0, randomCode: 1, log);
        File.Delete(log);
        Assert.Equal(
            [
                "random seeds: exit code 1",
                "  replay: dotnet run --project tests/Coord.Simulation -c Release -- run --from 9 --seeds 1",
                "  12 seeds, 1 failed",
                "13 passed, 1 failed, 1 skipped",
            ],
            lines[^4..]);
    }

    [Fact]
    public void An_anomaly_under_faults_is_told_again_with_the_command_that_repeats_it()
    {
        var log = Path.GetTempFileName();
        File.WriteAllText(log, """
            run 2: register, lock beside kill
            run 2 is violated, anomalies: 3
            repeat: dotnet run --project tests/Jepsen-like -c Release -- run --seed 9
            runs=2 anomalies=3 lost=1 unknown=4 operations=2000 faults=9

            """);
        var (lines, code) = Summarize(Passing, code: 0, randomCode: 0, faultsCode: 1, faultsLog: log);
        File.Delete(log);
        Assert.Equal(
            [
                "faults on real processes: exit code 1",
                "  run 2 is violated, anomalies: 3",
                "  repeat: dotnet run --project tests/Jepsen-like -c Release -- run --seed 9",
                "  runs=2 anomalies=3 lost=1 unknown=4 operations=2000 faults=9",
                "13 passed, 1 failed, 1 skipped",
            ],
            lines[^5..]);
        Assert.Equal(1, code);
    }

    [Fact]
    public void Tests_that_took_too_long_are_a_failure_of_those_that_had_not_ended()
    {
        const string Unended = "Test run for /src/tests/Two.Tests/bin/Two.Tests.dll (.NETCoreApp,Version=v10.0)\n";
        var (lines, code) = Summarize(Passing + Unended, code: 124, randomCode: 0);
        Assert.Contains("Two.Tests: the test process died before all its tests had ended", lines);
        Assert.Contains("dotnet test took too long and was ended", lines);
        Assert.Equal("14 passed, 1 failed, 1 skipped", lines[^1]);
        Assert.Equal(1, code);
    }

    [Fact]
    public void The_summary_of_many_long_failures_fits_into_the_end_of_an_output()
    {
        var failure = Failing.Replace("Values differ", new string('x', 5_000), StringComparison.Ordinal);
        var (lines, _) = Summarize(string.Concat(Enumerable.Repeat(failure, 100)) + Passing, code: 1, randomCode: 0);
        Assert.Equal("3014 passed, 100 failed, 1 skipped", lines[^1]);
        Assert.Equal("  and 85 more", lines[^2]);
        var withoutProjects = lines.Where(line => !line.StartsWith("Two.Tests: ", StringComparison.Ordinal));
        Assert.InRange(withoutProjects.Sum(line => line.Length + 1), 2_000, 7_000);
    }

    private static (string[] Lines, int Code) Summarize(
        string output, int code, int randomCode, string randomLog = "/dev/null", int faultsCode = 0,
        string faultsLog = "/dev/null")
    {
        var start = new ProcessStartInfo("awk", [
            "-v", $"code={code}", "-v", $"random_code={randomCode}",
            "-v", $"random_log={randomLog}",
            "-v", $"faults_code={faultsCode}",
            "-v", $"faults_log={faultsLog}",
            "-f", Path.Combine(SourceTree.Root, ".ci", "summary.awk")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var awk = Process.Start(start)!;
        awk.StandardInput.Write(output);
        awk.StandardInput.Close();
        var lines = awk.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        awk.WaitForExit();
        return (lines, awk.ExitCode);
    }
}
