using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>Documents point at things that exist.</summary>
public partial class MarkdownTests
{
    [Fact]
    public void Relative_links_lead_somewhere() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".md").SelectMany(DeadLinks), "Links to files or headings that do not exist:");

    /// <summary>They are the front pages of packages, and a package has no other page.</summary>
    [Fact]
    public void Readmes_that_are_packed_link_to_nothing_in_the_tree()
    {
        var packed = SourceTree.WithExtension(".md").Where(file => PackedName().IsMatch(file.Path)).ToArray();
        var shipped = Project.All.Count(static one => one.Path.StartsWith("src/", StringComparison.Ordinal));
        Assert.Equal(shipped, packed.Length);
        SourceTree.AssertNone(packed.SelectMany(LinksIntoTheTree), "Dead where the package is looked at:");
    }

    [Fact]
    public void A_planted_link_into_the_tree_is_found()
    {
        const string Text = "[a](../b.md) [c](#d) [e](https://f.g) ![h](i.png) `[j](k.md)`\n";
        var file = new SourceFile("src/A/README.md", Text);
        Assert.Equal(["src/A/README.md: ../b.md", "src/A/README.md: i.png"], LinksIntoTheTree(file));
    }

    [Fact]
    public void Architecture_stays_under_300_lines() =>
        Assert.InRange(new SourceFile("ARCHITECTURE.md").LineCount, 1, 299);

    [Fact]
    public void Folders_and_files_that_the_architecture_names_exist() =>
        SourceTree.AssertNone(
            CodePaths().Matches(SourceTree.Text("ARCHITECTURE.md")).Select(m => m.Groups[1].Value)
                .Where(path => !SourceTree.Exists(path)),
            "Named in ARCHITECTURE.md, but not there:");

    [Fact]
    public void Decision_records_are_numbered_without_gaps_and_listed_in_their_index()
    {
        var records = SourceTree.Files.Where(f => DecisionName().IsMatch(f.Path)).Select(f => f.Path).ToArray();
        var numbers = records.Select(path => int.Parse(DecisionName().Match(path).Groups[1].Value)).ToArray();
        Assert.Equal(Enumerable.Range(1, records.Length), numbers);
        var index = SourceTree.Text("docs/decisions/README.md");
        SourceTree.AssertNone(
            records.Where(r => !index.Contains($"({Path.GetFileName(r)})", StringComparison.Ordinal)),
            "Records that docs/decisions/README.md does not list:");
    }

    [Fact]
    public void Decision_records_have_their_five_parts() =>
        SourceTree.AssertNone(
            from file in SourceTree.Files.Where(f => DecisionName().IsMatch(f.Path))
            from part in new[] { "**Status:**", "## Context", "## Options", "## Choice", "## Consequences" }
            where !file.Text.Contains($"\n{part}", StringComparison.Ordinal)
            select $"{file.Path}: no {part}",
            "Incomplete decision records:");

    [Fact]
    public void Planted_dead_links_are_found()
    {
        const string Text = "# A b\n[x](nowhere.md) [y](../README.md) [z](#a-b) [w](#c) [u](https://x.y)\n";
        var file = new SourceFile("docs/a.md", Text);
        Assert.Equal(["docs/a.md: nowhere.md", "docs/a.md: #c"], DeadLinks(file));
    }

    private static IEnumerable<string> LinksIntoTheTree(SourceFile file) =>
        from Match match in LinksAndImages().Matches(Code().Replace(file.Text, ""))
        let target = match.Groups[1].Value
        where target[0] != '#' && !target.Contains("://", StringComparison.Ordinal)
        select $"{file.Path}: {target}";

    private static IEnumerable<string> DeadLinks(SourceFile file)
    {
        foreach (Match match in Links().Matches(Code().Replace(file.Text, "")))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0
                ? file.Path
                : Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(
                    Path.Combine(SourceTree.Root, Path.GetDirectoryName(file.Path)!, parts[0]))).Replace('\\', '/');
            var text = path == file.Path ? file.Text : null;
            if (text is null && (path.StartsWith("..", StringComparison.Ordinal) || !SourceTree.Exists(path)))
                yield return $"{file.Path}: {target}";
            else if (parts.Length == 2 && !Anchors(text ?? SourceTree.Text(path)).Contains(parts[1]))
                yield return $"{file.Path}: {target}";
        }
    }

    // Headings as GitHub turns them into anchors: lower case, punctuation gone, spaces to hyphens.
    private static IEnumerable<string> Anchors(string text) =>
        Headings().Matches(Fences().Replace(text, "")).Select(m =>
            NotInAnchors().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinksAndImages();

    [GeneratedRegex("^src/[^/]+/README.md$")]
    private static partial Regex PackedName();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("`((?:src|tests|samples|deploy|docs|eng|benchmarks)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex CodePaths();

    [GeneratedRegex(@"^docs/decisions/(\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();
}
