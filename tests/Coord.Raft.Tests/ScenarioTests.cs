using System.Text;
using System.Text.RegularExpressions;

namespace Coord.Raft.Tests;


/// <summary>
/// Scenario files in the datadriven manner: command lines, a line of dashes, what they show. COORD_RECORD=1 writes what
/// they show now into the files, so that a change of behaviour is read as a diff of traces.
/// </summary>
public sealed class ScenarioTests
{
    private const string Dashes = "----";

    public static TheoryData<string> Files => new(
        Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!);

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException("Run the tests from the repository.");
            return Path.Combine(folder.FullName, "tests", "Coord.Raft.Tests", "Scenarios");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_shows_its_recorded_trace(string name)
    {
        var file = Path.Combine(Folder, name + ".txt");
        var recorded = File.ReadAllText(file);
        var shown = Run(recorded);
        if (Environment.GetEnvironmentVariable("COORD_RECORD") == "1")
            File.WriteAllText(file, shown);
        else
            Assert.Equal(recorded, shown);
    }

    [Fact]
    public void There_are_at_least_seventy_scenarios() => Assert.True(Files.Count >= 70);

    // Elections, replication, commit, reads, membership, transfer, snapshots, persistence, identity.
    [Theory]
    [InlineData('E', 10)]
    [InlineData('R', 10)]
    [InlineData('C', 5)]
    [InlineData('Q', 6)]
    [InlineData('M', 14)]
    [InlineData('L', 7)]
    [InlineData('S', 4)]
    [InlineData('P', 2)]
    [InlineData('I', 2)]
    public void Scenarios_cite_so_many_rules_of_each_family(char family, int rules)
    {
        var cited = Directory.GetFiles(Folder, "*.txt")
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith('#'))
            .SelectMany(line => Regex.Matches(line, $@"\b{family}[1-9][0-9]?\b").Select(match => match.Value))
            .ToHashSet();
        Assert.True(cited.Count >= rules, $"{family}: only {string.Join(' ', cited.Order())}");
    }

    private static string Run(string recorded)
    {
        var runner = new ScenarioRunner();
        var text = new StringBuilder();
        var output = new StringBuilder();
        var isOutput = false;
        foreach (var line in recorded.TrimEnd('\n').Split('\n').Append(""))
        {
            if (line.Length == 0)
            {
                if (isOutput)
                    text.Append(output.Length == 0 ? "ok\n" : output.ToString());
                text.Append('\n');
                output.Clear();
                isOutput = false;
            }
            else if (line == Dashes)
            {
                text.Append(line).Append('\n');
                isOutput = true;
            }
            else if (!isOutput)
            {
                text.Append(line).Append('\n');
                if (line[0] != '#')
                    output.Append(runner.Run(line));
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }
}
