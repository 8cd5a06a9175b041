using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>What a newcomer copies out of README.md works: commands name real things, code is compiled.</summary>
public partial class ReadmeTests
{
    private const string Readme = "README.md";

    [Fact]
    public void Every_path_in_a_command_exists() =>
        SourceTree.AssertNone(
            from command in Commands(SourceTree.Text(Readme))
            from Match path in TreePaths().Matches(command)
            where !SourceTree.Exists(path.Value)
            select $"{command}: {path.Value}",
            "README.md's commands name what does not exist:");

    [Fact]
    public void The_first_command_runs_the_sample_and_the_second_runs_the_tests()
    {
        var commands = Commands(SourceTree.Text(Readme)).ToArray();
        Assert.Contains("samples/FlashSale", commands[0], StringComparison.Ordinal);
        Assert.StartsWith("dotnet test", commands[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Continuous_integration_runs_the_same_test_command()
    {
        var test = Commands(SourceTree.Text(Readme)).First(c => c.StartsWith("dotnet test", StringComparison.Ordinal));
        Assert.Contains(test, SourceTree.Text(".ci/run"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_client_code_is_the_compiled_sample()
    {
        var block = CSharpBlock().Match(SourceTree.Text(Readme)).Groups[1].Value;
        Assert.Equal(SourceTree.Text("samples/Quickstart/Program.cs"), block);
    }

    [Fact]
    public void The_code_of_the_pages_for_users_is_in_a_compiled_sample()
    {
        var samples = SourceTree.WithExtension(".cs")
            .Where(f => f.Path.StartsWith("samples/", StringComparison.Ordinal)).Select(f => Flat(f.Text)).ToArray();
        var blocks =
            from page in SourceTree.WithExtension(".md")
            where page.Path.StartsWith("docs/use/", StringComparison.Ordinal)
            from Match block in CSharpBlock().Matches(page.Text)
            select (page.Path, Code: Flat(block.Groups[1].Value));
        Assert.NotEmpty(blocks);
        SourceTree.AssertNone(
            blocks.Where(b => !samples.Any(s => s.Contains(b.Code, StringComparison.Ordinal)))
                .Select(b => $"{b.Path}: {b.Code.Split('\n')[0]}"),
            "Code that no sample holds:");
    }

    // Indentation is the page's own.
    private static string Flat(string code) => string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()));

    private static IEnumerable<string> Commands(string markdown) =>
        ShellBlock().Matches(markdown).SelectMany(m => m.Groups[1].Value.Split('\n'))
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    [GeneratedRegex("^```(?:bash|sh)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"(?<=^|\s)(?:src|tests|samples|deploy|docs|eng|benchmarks)/[\w./-]+|(?<=\s)cluster\.json")]
    private static partial Regex TreePaths();
}
