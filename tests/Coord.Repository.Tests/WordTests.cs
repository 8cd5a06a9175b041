using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>Open ends, machine paths and references to what is not here do not land.</summary>
public class WordTests
{
    private const string ListPath = "eng/BannedWords.txt";

    // Folders where a test may wait for real time: they drive real processes.
    private static readonly string[] RealTime =
        ["tests/Interop/", "tests/Jepsen-like/", "tests/Differential/", "tests/Coord.Node.Tests/Processes/"];

    private static readonly string[] TextExtensions =
    [
        ".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".py", ".java", ".c", ".json", ".txt", ".sln", ".yml",
        ".xml", "", ".editorconfig", ".gitignore", ".gitattributes",
    ];

    private static readonly (Regex Word, string Reason)[] Banned = SourceTree.Text(ListPath).Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))
        .Select(parts => (new Regex(parts[0], RegexOptions.CultureInvariant), parts[1])).ToArray();

    [Fact]
    public void No_file_holds_a_banned_word() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(TextExtensions).Where(f => f.Path != ListPath).SelectMany(BannedWords),
            $"Words that {ListPath} refuses:");

    [Fact]
    public void Tests_neither_sleep_nor_wait_for_real_time() =>
        SourceTree.AssertNone(
            CSharpFile.All.Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
                .Where(f => !RealTime.Any(folder => f.Path.StartsWith(folder, StringComparison.Ordinal)))
                .SelectMany(Sleeps),
            "Sleeps in tests that have no business with real time:");

    [Fact]
    public void No_test_is_switched_off_in_its_attribute() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".cs").Where(f => Regex.IsMatch(f.Text, @"\[(Fact|Theory)\([^)]*\bSkip\s*="))
                .Select(f => f.Path),
            "A test that cannot run here says why at run time (Assert.Skip):");

    [Fact]
    public void Planted_words_and_sleeps_are_found()
    {
        var open = "TO" + "DO";
        var path = "/ho" + "me/me/x";
        Assert.Equal(2, BannedWords(new SourceFile("a.cs", $"// {open}\nvar a = \"{path}\";\n")).Count());
        Assert.Empty(BannedWords(new SourceFile("a.sh", "dir=$(mktemp -d /tmp/coord.XXXXXX)\n")));
        var sleeper = new SourceFile("tests/A.cs", "class A { void M() { Thread.Sleep(1); Task.Delay(5); } }");
        Assert.Equal(2, Sleeps(CSharpFile.Parse(sleeper)).Count());
    }

    private static IEnumerable<string> BannedWords(SourceFile file) =>
        from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
        from ban in Banned
        let match = ban.Word.Match(line.Text)
        where match.Success
        select $"{file.Path}:{line.Number}: {match.Value.Trim()} ({ban.Reason})";

    private static IEnumerable<string> Sleeps(CSharpFile file) =>
        file.Invocations.Where(i => i.Expression.ToString() is "Thread.Sleep" or "Task.Delay")
            .Where(i => !IsEndlessOrImmediate(i.ArgumentList.ToString()))
            .Select(i => $"{file.Path}:{file.LineOf(i)}: {i.Expression}");

    // Waiting for a cancellation is no sleep.
    private static bool IsEndlessOrImmediate(string arguments) =>
        arguments.StartsWith("(Timeout.Infinite", StringComparison.Ordinal)
        || arguments.StartsWith("(-1", StringComparison.Ordinal);
}
