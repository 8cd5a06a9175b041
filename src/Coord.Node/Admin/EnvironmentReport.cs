using System.Net;
using System.Runtime.InteropServices;

namespace Coord.Node.Admin;

/// <summary>
/// What <c>envi</c> and <c>/commands/environment</c> tell: ZooKeeper's keys, with what takes each one's place in .NET.
/// </summary>
internal static class EnvironmentReport
{
    private const long MiB = 1024 * 1024;

    /// <summary>The answer to <c>envi</c>.</summary>
    public static string Text() =>
        "Environment:\n" + string.Concat(Values().Select(pair => $"{pair.Key}={pair.Value}\n"));

    public static IEnumerable<(string Key, string Value)> Values()
    {
        yield return ("zookeeper.version", CoordVersion.FullWithDate);
        yield return ("host.name", Dns.GetHostName());
        yield return ("java.version", Environment.Version.ToString());
        yield return ("java.vendor", RuntimeInformation.FrameworkDescription);
        yield return ("java.home", RuntimeEnvironment.GetRuntimeDirectory());
        yield return ("java.class.path", AppContext.BaseDirectory);
        yield return ("java.library.path", RuntimeEnvironment.GetRuntimeDirectory());
        yield return ("java.io.tmpdir", Path.GetTempPath());
        yield return ("java.compiler", "<NA>");
        yield return ("os.name", OperatingSystem.IsLinux() ? "Linux" : RuntimeInformation.OSDescription);
        yield return ("os.arch", ArchitectureName);
        yield return ("os.version", Environment.OSVersion.Version.ToString());
        yield return ("user.name", Environment.UserName);
        yield return ("user.home", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        yield return ("user.dir", Environment.CurrentDirectory);

        // The heap as Java counts it: what is set aside for it, how much of that is free, and the most it may take.
        var memory = GC.GetGCMemoryInfo();
        var used = GC.GetTotalMemory(forceFullCollection: false);
        var total = Math.Max(memory.TotalCommittedBytes, used);
        yield return ("os.memory.free", $"{(total - used) / MiB}MB");
        yield return ("os.memory.max", $"{memory.TotalAvailableMemoryBytes / MiB}MB");
        yield return ("os.memory.total", $"{total / MiB}MB");
    }

    // As the Java machine spells it.
    private static string ArchitectureName => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "aarch64",
        var other => other.ToString(),
    };
}
