using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>
/// Code cites rules where it enforces them ("raft-design E9", "zookeeper-protocol 6.3"). A citation that leads
/// nowhere is worse than none: the reader looks for a rule that nobody wrote.
/// </summary>
public partial class CitationTests
{
    [Fact]
    public void Every_cited_rule_and_section_exists() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".cs", ".txt", ".sh", ".py").SelectMany(DeadCitations),
            "Citations of rules that docs/internals does not hold:");

    [Fact]
    public void Planted_citations_of_nothing_are_found()
    {
        const string Raft = "raft-design";
        var file = new SourceFile("a.cs", $"// {Raft} E9, {Raft} E99, {Raft} 77.1, {Raft} 4, design.md section 10\n");
        Assert.Equal([$"a.cs:1: {Raft} E99", $"a.cs:1: {Raft} 77.1"], DeadCitations(file));
    }

    private static IEnumerable<string> DeadCitations(SourceFile file) =>
        from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
        from Match citation in Citation().Matches(line.Text)
        let page = citation.Groups[1].Value.ToLowerInvariant()
        let place = citation.Groups[2].Value
        where !Holds(SourceTree.Text($"docs/internals/{page}.md"), place)
        select $"{file.Path}:{line.Number}: {page} {place}";

    // A rule stands in bold or in the first column of a table, a section in a heading.
    private static bool Holds(string page, string place) => char.IsLetter(place[0])
        ? Regex.IsMatch(page, $@"(\*\*|^\| *){place}\b", RegexOptions.Multiline)
        : Regex.IsMatch(page, $@"^#+ {Regex.Escape(place)}\b", RegexOptions.Multiline);

    [GeneratedRegex(
        @"\b(raft-design|zookeeper-protocol|client-sdk|design)(?:\.md)?,? "
        + @"(?:section )?([A-Z]{1,2}\d+|\d+(?:\.\d+)?)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Citation();
}
