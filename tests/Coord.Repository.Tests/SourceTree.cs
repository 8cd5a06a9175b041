namespace Coord.Repository.Tests;

/// <summary>The files of this repository, found by walking up from the test's own assembly.</summary>
internal static class SourceTree
{
    // Build output, version control and editors' folders: nothing in them is ours to check.
    private static readonly HashSet<string> SkippedFolders = new(StringComparer.Ordinal)
    {
        "bin", "obj", ".git", ".vs", ".idea", "artifacts", "TestResults", "__pycache__", "node_modules",
    };

    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the tree, with paths relative to the root and forward slashes.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = Walk(Root).OrderBy(f => f.Path, StringComparer.Ordinal)
        .ToArray();

    public static IEnumerable<SourceFile> WithExtension(params string[] extensions) =>
        Files.Where(f => extensions.Contains(Path.GetExtension(f.Path)));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) =>
        File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    /// <summary>Fails with one line for each violation, so that all are seen in one run.</summary>
    public static void AssertNone(IEnumerable<string> violations, string rule)
    {
        var found = violations.ToArray();
        Assert.True(found.Length == 0, $"{rule}\n  {string.Join("\n  ", found)}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Coord.sln above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<SourceFile> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetFileName(file) != ".git")
                yield return new SourceFile(Path.GetRelativePath(Root, file).Replace('\\', '/'));
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (SkippedFolders.Contains(Path.GetFileName(child)))
                continue;
            foreach (var file in Walk(child))
                yield return file;
        }
    }
}
