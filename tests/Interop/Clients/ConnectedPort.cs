using System.Globalization;

namespace Coord.Interop.Clients;

/// <summary>Finds out which node a process is connected to, from the kernel's tables: not every client tells.</summary>
internal static class ConnectedPort
{
    private const string Established = "01";

    public static int Of(int processId)
    {
        var sockets = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd")
            .Select(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.Name ?? "")
            .Where(name => name.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(name => name["socket:[".Length..^1]).ToHashSet(StringComparer.Ordinal);
        return new[] { "tcp", "tcp6" }.SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row[3] == Established && sockets.Contains(row[9]))
            .Select(row => int.Parse(row[2].Split(':')[1], NumberStyles.HexNumber))
            .Single(InteropCluster.IsClientPort);
    }
}
