using System.Diagnostics;

namespace Coord.Interop.Clients;

/// <summary>The scenarios for ZooKeeper's C client, built once for each of its two libraries.</summary>
public sealed class CPrograms : IDisposable
{
    /// <summary>
    /// The single-threaded library's package conflicts with the other one's, so it is unpacked instead of installed.
    /// </summary>
    public const string SingleThreadedPackages = "libzookeeper-st-dev libzookeeper-st2";

    private const string Compiler = "/usr/bin/gcc";
    private const string Downloader = "/usr/bin/apt-get";
    private const string Header = "/usr/include/zookeeper/zookeeper.h";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-c-");

    public string MultiThreaded(string scripts)
    {
        DebianPackages.Require(File.Exists(Header) && File.Exists(Compiler), "libzookeeper-mt-dev gcc libc6-dev");
        return Build(scripts, "multi", "-DTHREADED", "-lzookeeper_mt", "-lpthread");
    }

    public string SingleThreaded(string scripts)
    {
        DebianPackages.Require(File.Exists(Compiler) && File.Exists(Downloader), "gcc libc6-dev apt");
        var unpacked = Unpack();
        Assert.SkipUnless(
            unpacked is not null,
            $"needs {SingleThreadedPackages}, and could not: apt-get download {SingleThreadedPackages}");
        var library = Directory.GetFiles(unpacked!, "libzookeeper_st.so", SearchOption.AllDirectories).Single();
        var libraries = Path.GetDirectoryName(library);
        return Build(
            scripts, "single", $"-I{unpacked}/usr/include", $"-L{libraries}", "-lzookeeper_st",
            $"-Wl,-rpath,{libraries}");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Build(string scripts, string name, params string[] options)
    {
        var program = Path.Combine(_folder.FullName, name);
        if (!File.Exists(program))
            Assert.True(Run(Compiler, ["-O1", "-o", program, Path.Combine(scripts, "c_client.c"), .. options]), name);
        return program;
    }

    private string? Unpack()
    {
        var folder = _folder.CreateSubdirectory("packages");
        if (folder.GetFiles("*.deb").Length == 0)
        {
            Run(Downloader, ["download", "-q", .. SingleThreadedPackages.Split(' ')], folder.FullName);
            foreach (var package in folder.GetFiles("*.deb"))
                Assert.True(Run("dpkg-deb", ["-x", package.FullName, folder.FullName]), package.Name);
        }

        return folder.GetFiles("*.deb").Length > 0 ? folder.FullName : null;
    }

    private static bool Run(string program, string[] words, string folder = "")
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TestContext.Current.TestOutputHelper?.WriteLine(errors.Result);
        return process.ExitCode == 0;
    }
}
