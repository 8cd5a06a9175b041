using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Networks;

/// <summary>The library redirect.c, by which a node dials a proxy where it means another node.</summary>
internal static class Redirect
{
    public const string Variable = "COORD_REDIRECT";

    private const string Compiler = "/usr/bin/cc";

    /// <summary>Why it cannot be had here; null where it can.</summary>
    public static string? WhyNot() =>
        File.Exists(Compiler) ? null : $"{Compiler} is missing: install the Debian packages gcc and libc6-dev";

    /// <summary>Compiles it into a folder and gives its path.</summary>
    public static string Build(string folder)
    {
        var source = Path.Combine(Launcher.RepositoryRoot(), "tests", "Jepsen-like", "Networks", "redirect.c");
        var library = Path.Combine(folder, "redirect.so");
        SystemCommand.Run(Compiler, ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source]);
        return library;
    }
}
