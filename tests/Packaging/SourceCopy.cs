namespace Coord.Packaging;

/// <summary>A copy of what the packages are made of, somewhere else: nothing of the working tree is touched.</summary>
internal sealed class SourceCopy
{
    private const string Solution = "packages.slnx";

    private static readonly string[] Folders = ["eng", "samples/NativeAot"];
    private static readonly string[] Products = ["bin", "obj"];

    private SourceCopy(string root) => Root = root;

    public string Root { get; }

    /// <summary>Where the copy's packages are put.</summary>
    public string Feed => Path.Combine(Root, "feed");

    private static string Tree { get; } = FindTree();

    public static SourceCopy Make(string root, IReadOnlyList<string> projects)
    {
        CopyFiles(Tree, root);
        foreach (var folder in Folders.Concat(projects.Select(static project => $"src/{project}")))
            CopyFolder(Path.Combine(Tree, folder), Path.Combine(root, folder));
        var listed = projects.Select(static project => $"""<Project Path="src/{project}/{project}.csproj" />""");
        File.WriteAllText(Path.Combine(root, Solution), $"<Solution>{string.Concat(listed)}</Solution>");
        return new SourceCopy(root);
    }

    /// <summary>Builds the projects and puts their packages into the feed.</summary>
    public Task PackAsync() => RunAsync("pack", "-o", Feed);

    /// <summary>Builds the projects.</summary>
    public Task BuildAsync() => RunAsync("build");

    /// <summary>A file that a build made.</summary>
    public byte[] Built(string project, string file) => File.ReadAllBytes(
        Path.Combine(Root, "src", project, "bin", "Release", "net10.0", file));

    // Analyzers have seen these sources in their own tree, and take most of a build's time.
    private Task<string> RunAsync(string command, params string[] more) => DotnetCommand.RunAsync(
        Root, [command, Solution, "-c", "Release", "--nologo", "-p:RunAnalyzers=false", .. more]);

    private static void CopyFolder(string from, string to)
    {
        CopyFiles(from, to);
        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            if (!Products.Contains(Path.GetFileName(folder)))
                CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static string FindTree()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Coord.sln")))
                return at;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
