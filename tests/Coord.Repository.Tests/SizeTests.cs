namespace Coord.Repository.Tests;

/// <summary>
/// Files, methods and lines stay small enough to be read as one story (CONTRIBUTING.md, "Size and shape").
/// An exception is listed by name with a reason and the size it has today; the list only shrinks.
/// </summary>
public class SizeTests
{
    private const int FileLinesMax = 500;
    private const int MethodLinesMax = 70;
    private const int LineColumnsMax = 120;

    // Name (path, or path:method) -> size today and why. An entry that is no longer needed fails the check.
    private static readonly Dictionary<string, (int Size, string Reason)> Exceptions = new(StringComparer.Ordinal);

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        SourceTree.AssertNone(Code().SelectMany(LongFiles), $"Files over {FileLinesMax} lines:");

    [Fact]
    public void No_method_is_longer_than_70_lines() =>
        SourceTree.AssertNone(CSharpFile.All.SelectMany(LongMethods), $"Methods over {MethodLinesMax} lines:");

    [Fact]
    public void No_line_is_longer_than_120_columns() =>
        SourceTree.AssertNone(Code().SelectMany(LongLines), $"Lines over {LineColumnsMax} columns:");

    [Fact]
    public void Every_exception_is_still_needed_and_has_not_grown()
    {
        var sizes = Code().ToDictionary(f => f.Path, f => f.LineCount, StringComparer.Ordinal);
        foreach (var file in CSharpFile.All)
        {
            foreach (var (method, lines) in file.Methods)
                sizes[$"{file.Path}:{method}"] = Math.Max(lines, sizes.GetValueOrDefault($"{file.Path}:{method}"));
        }

        SourceTree.AssertNone(
            Exceptions.Where(e => sizes.GetValueOrDefault(e.Key) != e.Value.Size)
                .Select(e => $"{e.Key}: listed with {e.Value.Size}, is {sizes.GetValueOrDefault(e.Key)}"),
            "Exceptions whose size changed (shrink the entry, or remove it):");
    }

    [Fact]
    public void A_planted_long_file_method_and_line_is_found()
    {
        var body = string.Concat(Enumerable.Repeat("        ;\n", MethodLinesMax));
        var text = $"class A\n{{\n    void Long()\n    {{\n{body}    }}\n}}\n// {new string('x', LineColumnsMax)}\n";
        var file = new SourceFile("src/A.cs", text);
        Assert.Equal(["src/A.cs:Long: 73"], LongMethods(CSharpFile.Parse(file)));
        Assert.Equal(["src/A.cs:77: 123"], LongLines(file));
        Assert.Equal(["src/B.cs: 501"], LongFiles(new SourceFile("src/B.cs", new string('\n', FileLinesMax + 1))));
    }

    private static IEnumerable<SourceFile> Code() => SourceTree.WithExtension(".cs", ".sh", ".py");

    private static IEnumerable<string> LongFiles(SourceFile file)
    {
        if (file.LineCount > FileLinesMax && !Exceptions.ContainsKey(file.Path))
            yield return $"{file.Path}: {file.LineCount}";
    }

    private static IEnumerable<string> LongMethods(CSharpFile file) =>
        file.Methods.Where(m => m.Lines > MethodLinesMax && !Exceptions.ContainsKey($"{file.Path}:{m.Name}"))
            .Select(m => $"{file.Path}:{m.Name}: {m.Lines}");

    private static IEnumerable<string> LongLines(SourceFile file) =>
        file.Lines.Select((line, i) => (line.Length, Number: i + 1)).Where(l => l.Length > LineColumnsMax)
            .Select(l => $"{file.Path}:{l.Number}: {l.Length}");
}
