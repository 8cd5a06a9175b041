using System.Diagnostics;
using System.Reflection;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Tests;

/// <summary>The command that a report names for a run makes the same run, whatever it was asked for.</summary>
public sealed class RepeatTests : IDisposable
{
    private static readonly string[] Program =
        ["dotnet", "run", "--project", "tests/Jepsen-like", "-c", "Release", "--", "run"];

    private static readonly PropertyInfo[] Options =
        [.. typeof(RunOptions).GetProperties().Where(property => property.CanWrite)];

    private readonly string folder = Directory.CreateTempSubdirectory("coord's repeat ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // An option without a value here fails this test, and one that the command leaves out fails the next.
    [Fact]
    public void Every_option_has_a_value_of_its_own_to_try() =>
        Assert.Equal(Options.Select(option => option.Name).Order(), Others().Keys.Order());

    [Fact]
    public void Parsing_the_command_gives_equal_options_for_each_of_them_and_for_all()
    {
        var all = new RunOptions { Seed = 1 };
        RequireRepeated(all);
        foreach (var option in Options)
        {
            var one = new RunOptions { Seed = 1 };
            option.SetValue(one, Others()[option.Name]);
            Assert.NotEqual(Shown(option.GetValue(all)), Shown(option.GetValue(one)));
            RequireRepeated(one);
            option.SetValue(all, Others()[option.Name]);
        }

        RequireRepeated(all);
        RequireRepeated(all with { Nemeses = [] });
    }

    private static void RequireRepeated(RunOptions options)
    {
        var words = Words(options.Repeat());
        Assert.Equal(Program, words[..Program.Length]);
        var parsed = RunOptions.Parse(words[Program.Length..]);
        Assert.NotNull(parsed);
        Assert.All(Options, option =>
            Assert.Equal(Shown(option.GetValue(options)), Shown(option.GetValue(parsed))));
    }

    private Dictionary<string, object> Others() => new()
    {
        [nameof(RunOptions.Duration)] = TimeSpan.FromSeconds(7.5),
        [nameof(RunOptions.Seed)] = -3,
        [nameof(RunOptions.Clients)] = 5,
        [nameof(RunOptions.Rate)] = 77,
        [nameof(RunOptions.CompactsOften)] = true,
        [nameof(RunOptions.Workloads)] = new[] { "bank", "set" },
        [nameof(RunOptions.Nemeses)] = new[] { "drift", "kill" },
        [nameof(RunOptions.AtOnce)] = 2,
        [nameof(RunOptions.OtherBuild)] = MakeFile("Coord.Node.dll"),
        [nameof(RunOptions.Planted)] = PlantedFaults.All,
        [nameof(RunOptions.Nodes)] = 5,
        [nameof(RunOptions.Network)] = NetworkMode.Loopback,
        [nameof(RunOptions.Target)] = Target.ZooKeeper,
        [nameof(RunOptions.OwnLauncher)] = MakeFile("launcher.sh"),
        [nameof(RunOptions.HistoryFolder)] = folder,
        [nameof(RunOptions.KeepsData)] = true,
        [nameof(RunOptions.UsesLeases)] = true,
    };

    private string MakeFile(string name)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "");
        return path;
    }

    private static string? Shown(object? value) =>
        value is IReadOnlyList<string> names ? string.Join(' ', names) : value?.ToString();

    /// <summary>As a shell reads it.</summary>
    private static string[] Words(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", "printf '%s\\n' " + command]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var words = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return words.TrimEnd('\n').Split('\n');
    }
}
