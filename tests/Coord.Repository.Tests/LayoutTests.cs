using System.Text.RegularExpressions;

namespace Coord.Repository.Tests;

/// <summary>Every project is in the solution, locked, and explained beside its code.</summary>
public class LayoutTests
{
    [Fact]
    public void Every_project_under_src_has_a_readme() =>
        SourceTree.AssertNone(
            Folders("src/").Where(folder => !SourceTree.Exists($"{folder}/README.md")), "Projects without README.md:");

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = SourceTree.Text("Coord.sln").Replace('\\', '/');
        SourceTree.AssertNone(
            Project.All.Where(p => !solution.Contains($"\"{p.Path}\"", StringComparison.Ordinal)).Select(p => p.Path),
            "Projects that `dotnet test` would not build:");
    }

    [Fact]
    public void Every_project_has_its_lock_file_checked_in() =>
        SourceTree.AssertNone(
            Folders("").Where(folder => !SourceTree.Exists($"{folder}/packages.lock.json")),
            "Projects without packages.lock.json:");

    [Fact]
    public void No_project_names_a_package_version() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".csproj")
                .Where(f => Regex.IsMatch(f.Text, "<PackageReference[^>]*Version")).Select(f => f.Path),
            "Versions belong into Directory.Packages.props:");

    [Fact]
    public void Shell_scripts_can_be_run() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".sh").Where(f => !IsExecutable(Path.Combine(SourceTree.Root, f.Path)))
                .Select(f => f.Path),
            "Scripts that are not executable:");

    [Fact]
    public void Warnings_are_errors_everywhere() =>
        SourceTree.AssertNone(
            SourceTree.WithExtension(".csproj", ".props", ".targets")
                .Where(f => Regex.IsMatch(f.Text, "<TreatWarningsAsErrors>\\s*false")).Select(f => f.Path),
            "Projects that tolerate warnings:");

    private static IEnumerable<string> Folders(string under) =>
        Project.All.Where(p => p.Path.StartsWith(under, StringComparison.Ordinal))
            .Select(p => Path.GetDirectoryName(p.Path)!.Replace('\\', '/'));

    // Windows keeps no such permission.
    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;
}
