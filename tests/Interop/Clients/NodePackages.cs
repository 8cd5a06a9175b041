using System.Diagnostics;

namespace Coord.Interop.Clients;

/// <summary>node-zookeeper-client, fetched from npm once for all its tests, into a folder of its own.</summary>
public sealed class NodePackages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-node-");
    private string? _output;

    /// <summary>Copies the scenarios next to what npm fetches; gives the one to run.</summary>
    public string In(string scripts)
    {
        _output ??= Install(Path.Combine(scripts, "node_client"));
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(_folder.FullName, "node_modules", "node-zookeeper-client")),
            $"needs node-zookeeper-client 1.1.3: npm ci in tests/Interop/Scripts/node_client ended with {_output}");
        return Path.Combine(_folder.FullName, "client.js");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Install(string source)
    {
        DebianPackages.Require(IsInstalled("node") && IsInstalled("npm"), "nodejs npm");
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = _folder.FullName, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return $"code {process.ExitCode}: {output.Result}{errors}";
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, program)));
}
