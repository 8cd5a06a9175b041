namespace Coord.Packaging;

/// <summary>The packages, made once for all tests, and the same sources built in a second place.</summary>
public sealed class BuiltPackages : IAsyncLifetime
{
    /// <summary>The projects whose packages programs and their tests refer to, with all that those need.</summary>
    public static readonly string[] Projects =
    [
        "Coord.Protocol", "Coord.Client", "Coord.Raft", "Coord.StateMachine", "Coord.Node", "Coord.Client.Testing",
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-packaging-");

    internal SourceCopy First { get; private set; } = null!;

    internal SourceCopy Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = SourceCopy.Make(Path.Combine(folder.FullName, "first"), Projects);
        Second = SourceCopy.Make(Path.Combine(folder.FullName, "second", "deeper"), Projects);
        await First.PackAsync();
        await Second.BuildAsync();
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new folder, deleted with the packages.</summary>
    public string NewFolder(string name) => folder.CreateSubdirectory(name).FullName;

    /// <summary>The only package of a project, or the one with its symbols.</summary>
    public string PackageOf(string project, string extension = ".nupkg") =>
        Assert.Single(Directory.GetFiles(First.Feed, $"{project}.?.*{extension}"));

    /// <summary>Of a project's package.</summary>
    public string VersionOf(string project) =>
        Path.GetFileNameWithoutExtension(PackageOf(project))[(project.Length + 1)..];
}
