using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>
/// <c>docs/internals/raft-rules.md</c> says for each rule where it is kept and what defends it. A row that names code
/// or tests that are gone, or were never written, promises what nobody checks.
/// </summary>
public partial class RuleTableTests
{
    private const string Page = "docs/internals/raft-rules.md";
    private const string Scenarios = "tests/Coord.Raft.Tests/Scenarios/";

    private static readonly Lazy<Dictionary<string, string>> Code = new(() => NamesIn("src/"));
    private static readonly Lazy<Dictionary<string, string>> Tests = new(() => NamesIn("tests/"));

    [Fact]
    public void Every_test_that_the_table_of_rules_names_exists() =>
        SourceTree.AssertNone(MissingTests(SourceTree.Text(Page)), $"{Page} names tests that do not exist:");

    [Fact]
    public void All_code_that_the_table_of_rules_names_exists() =>
        SourceTree.AssertNone(MissingCode(SourceTree.Text(Page)), $"{Page} names code that does not exist:");

    [Fact]
    public void Planted_names_of_nothing_are_found()
    {
        const string Table = """
            | X1 | `RaftCore.Step`, `TakeReady` | `RuleTableTests`, `check_quorum`, `lease_ends_*`, `tests/Interop` |
            | X2 | `RaftCore.Stumble` | `Planted_names_of_nothing_are_found`, `NoSuchTests` |
            | X3 | `NoSuchCode`, `Coord.NoSuch` | `no_such_scenario`, `no_such_*`, `tests/NoSuch` |
            """;
        Assert.Equal(
            ["X2: NoSuchTests", "X3: no_such_scenario", "X3: no_such_*", "X3: tests/NoSuch"], MissingTests(Table));
        Assert.Equal(["X2: RaftCore.Stumble", "X3: NoSuchCode", "X3: Coord.NoSuch"], MissingCode(Table));
    }

    private static IEnumerable<string> MissingTests(string page) => Missing(page, "test", IsTest);

    private static IEnumerable<string> MissingCode(string page) => Missing(page, "code", IsCode);

    private static IEnumerable<string> Missing(string page, string column, Func<string, bool> exists) =>
        from Match row in Row().Matches(page)
        from Match name in Quoted().Matches(row.Groups[column].Value)
        where !exists(name.Groups[1].Value)
        select $"{row.Groups["rule"].Value}: {name.Groups[1].Value}";

    private static bool IsTest(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return SourceTree.Exists(name);
        if (!name.EndsWith('*'))
            return Tests.Value.ContainsKey(name) || SourceTree.Exists($"{Scenarios}{name}.txt");
        return SourceTree.Files.Any(file => file.Path.StartsWith($"{Scenarios}{name[..^1]}", StringComparison.Ordinal));
    }

    // A project, a type, a member of one, or a member of the type that was named before it.
    private static bool IsCode(string name)
    {
        var parts = name.Split('.');
        return SourceTree.Exists($"src/{name}")
            || (Code.Value.TryGetValue(parts[0], out var text)
                && (parts.Length == 1 || Regex.IsMatch(text, $@"\b{parts[1]}\b")));
    }

    /// <summary>Types and methods, with the text of all files that declare one of the name.</summary>
    private static Dictionary<string, string> NamesIn(string folder) => CSharpFile.All
        .Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal))
        .SelectMany(file => file.Types.Select(type => type.Identifier.Text)
            .Concat(file.Methods.Select(method => method.Name)).Distinct()
            .Select(name => (Name: name, file.Path)))
        .GroupBy(found => found.Name, found => SourceTree.Text(found.Path), StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => string.Concat(group), StringComparer.Ordinal);

    [GeneratedRegex(@"^\| (?<rule>[A-Z]\d[^|]*) \| (?<code>[^|]+) \| (?<test>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
