using System.Diagnostics;

namespace Coord.Interop.Clients;

/// <summary>Plays the scenarios that are written for kazoo.</summary>
internal static class Kazoo
{
    private const string Python = "/usr/bin/python3";   // Debian's own: it has Debian's packages.

    private static readonly Lazy<bool> Installed = new(IsInstalled);

    public static async Task PlayAsync(InteropCluster cluster, string script, string name, params string[] options)
    {
        DebianPackages.Require(Installed.Value, "python3-kazoo");
        var path = Path.Combine(InteropCluster.Scripts, $"{script}.py");
        var root = $"/{script}_{string.Join('_', [name, .. options])}";
        using var client = new ClientProcess(Python, [path, InteropCluster.Hosts, name, root, .. options]);
        await Scenarios.PlayAsync(cluster, client);
    }

    private static bool IsInstalled()
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", "import kazoo"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
