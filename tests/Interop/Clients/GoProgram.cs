using System.Diagnostics;

namespace Coord.Interop.Clients;

/// <summary>The scenarios for the Go client, built once for all its tests with the libraries of Debian.</summary>
public sealed class GoProgram : IDisposable
{
    private const string Compiler = "/usr/bin/go";
    private const string Libraries = "/usr/share/gocode";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-go-");
    private string? _program;

    public static bool IsInstalled =>
        File.Exists(Compiler) && Directory.Exists($"{Libraries}/src/github.com/samuel/go-zookeeper");

    public string In(string scripts)
    {
        if (_program is not null)
            return _program;
        var program = Path.Combine(_folder.FullName, "go_client");
        var start = new ProcessStartInfo(Compiler) { WorkingDirectory = Path.Combine(scripts, "go_client") };
        foreach (var word in (string[])["build", "-o", program, .. Directory.GetFiles(start.WorkingDirectory, "*.go")])
            start.ArgumentList.Add(word);
        start.Environment["GOPATH"] = Libraries;
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOFLAGS"] = "";
        start.Environment["GOCACHE"] = Path.Combine(_folder.FullName, "cache");
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return _program = program;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
