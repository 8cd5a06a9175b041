using System.Diagnostics;
using System.Text;

namespace Coord.Simulation.Mutants;

/// <summary>
/// A copy of the sources below this project's <c>obj</c> folder, with all planted bugs in it, and its build. What is
/// shipped is built from the sources themselves, and never sees a guard.
/// </summary>
internal sealed class SecondBuild
{
    private const string Self = "tests/Coord.Simulation";
    private const string Configuration = "Release";

    private static readonly string[] Folders = ["src", "eng", Self];

    private readonly string _root = RepositoryRoot();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public string Folder => Path.Combine(_root, Self, "obj", "mutants");

    /// <summary>The program that was built.</summary>
    public string Program =>
        Path.Combine(Folder, Self, "bin", Configuration, "net10.0", "Coord.Simulation.dll");

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Coord.sln above {AppContext.BaseDirectory}.");
    }

    /// <summary>Edits whose original does not stand in its file, or more than once: the sources went on.</summary>
    public static IReadOnlyList<string> FindLost(IReadOnlyList<PlantedBug> bugs)
    {
        var root = RepositoryRoot();
        var lost =
            from bug in bugs
            from edit in bug.Edits
            where GuardedSource.CountOriginals(File.ReadAllText(Path.Combine(root, edit.File)), edit) != 1
            select $"{bug.Name} in {edit.File}: {edit.Original}";
        return lost.ToArray();
    }

    /// <summary>Writes the sources and builds them; the compiler's output is shown if that fails.</summary>
    public bool Make(IReadOnlyList<PlantedBug> bugs, TextWriter output)
    {
        WriteSources(bugs);
        DeleteOthers();
        return Build(output);
    }

    private void WriteSources(IReadOnlyList<PlantedBug> bugs)
    {
        var edits = bugs.SelectMany((bug, i) => bug.Edits.Select(edit => (Number: i + 1, Edit: edit)));
        var guarded = edits.ToLookup(e => e.Edit.File);
        foreach (var path in Folders.SelectMany(SourcesIn).Concat(RootFiles()))
        {
            var text = File.ReadAllText(Path.Combine(_root, path));
            Write(path, guarded.Contains(path) ? GuardedSource.Write(text, guarded[path]) : text);
        }

        foreach (var project in bugs.SelectMany(b => b.Edits).Select(e => e.Project).Distinct())
        {
            Write($"src/{project}/Mutant.cs", $$"""
                namespace {{project}};

                internal static class Mutant
                {
                    internal static int Number;

                    internal static bool Is(int number) => Number == number;
                }
                """);
        }
    }

    private IEnumerable<string> RootFiles() =>
        Directory.EnumerateFiles(_root).Select(f => Path.GetFileName(f))
            .Where(name => name.StartsWith("Directory.", StringComparison.Ordinal) || name == "global.json");

    private IEnumerable<string> SourcesIn(string folder)
    {
        var path = Path.Combine(_root, folder);
        foreach (var file in Directory.EnumerateFiles(path))
            yield return $"{folder}/{Path.GetFileName(file)}";

        foreach (var child in Directory.EnumerateDirectories(path).Select(c => Path.GetFileName(c)))
        {
            if (child is "bin" or "obj")
                continue;

            foreach (var file in SourcesIn($"{folder}/{child}"))
                yield return file;
        }
    }

    // Unchanged files keep their time, so that a second run builds nothing.
    private void Write(string path, string text)
    {
        var target = Path.Combine(Folder, path);
        _written.Add(target);
        if (File.Exists(target) && File.ReadAllText(target) == text)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, text);
    }

    private void DeleteOthers()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories))
        {
            var isOutput = file.Contains("/obj/", StringComparison.Ordinal)
                && file.LastIndexOf("/obj/", StringComparison.Ordinal) > Folder.Length;
            if (!isOutput && !_written.Contains(file))
                File.Delete(file);
        }
    }

    private bool Build(TextWriter output)
    {
        // Guarded code is for the compiler only: nobody reads it, so style and documentation are not looked at.
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "build", Self, "-c", Configuration, "-v", "quiet", "-nologo", "-p:RunAnalyzers=false",
                "-p:TreatWarningsAsErrors=false", "-p:GenerateDocumentationFile=false", "-p:NuGetAudit=false",
                "-p:NoWarn=1591%3B0162", "-clp:ErrorsOnly", "--disable-build-servers",
            },
        };
        using var build = Process.Start(start)!;
        var text = new StringBuilder(build.StandardOutput.ReadToEnd());
        build.WaitForExit();
        if (build.ExitCode != 0)
            output.WriteLine(text);

        return build.ExitCode == 0;
    }
}
