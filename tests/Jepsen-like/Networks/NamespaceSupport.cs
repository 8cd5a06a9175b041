using System.ComponentModel;
using System.Net;

namespace Coord.JepsenLike.Networks;

/// <summary>Whether this machine lets this process make namespaces and rules in them.</summary>
internal static class NamespaceSupport
{
    private static readonly Lazy<string?> Answer = new(Probe);

    /// <summary>Null when it does, otherwise what is missing.</summary>
    public static string? WhyNot() => Answer.Value;

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
            return "this is not Linux";
        if (!Environment.IsPrivilegedProcess)
            return "this process is not root's";

        var name = $"cj{Environment.ProcessId:x}probe";
        try
        {
            SystemCommand.Run("ip", ["netns", "add", name]);
            try
            {
                SystemCommand.Run("nsenter", [$"--net=/run/netns/{name}", "nft", "-f", "-"],
                    PacketFilter.Rules("inet coord_probe", [new PacketDrop(IPAddress.Loopback, Percent: 50)]));
                return null;
            }
            finally
            {
                SystemCommand.Execute("ip", ["netns", "del", name]);
            }
        }
        catch (Exception error) when (error is NetworkException or Win32Exception)
        {
            return $"{error.Message.Trim()} (on Debian: apt-get install iproute2 nftables)";
        }
    }
}
