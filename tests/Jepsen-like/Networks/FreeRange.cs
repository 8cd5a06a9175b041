using System.Net;

namespace Coord.JepsenLike.Networks;

/// <summary>Finds 256 addresses that this machine has no other use for.</summary>
internal static class FreeRange
{
    private const int PrefixBits = 24;
    private const int Attempts = 200;

    /// <summary>"10.x.y" of a network to which this machine has no route but the default one.</summary>
    public static string Find()
    {
        var routes = Routes(SystemCommand.Run("ip", ["-4", "route", "show", "table", "all"]));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var prefix = $"10.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";
            var range = new IPNetwork(IPAddress.Parse(prefix + ".0"), PrefixBits);
            if (!routes.Any(route => route.Contains(range.BaseAddress) || range.Contains(route.BaseAddress)))
                return prefix;
        }

        throw new NetworkException("this machine has routes to all of 10.0.0.0/8: no addresses are left for nodes");
    }

    /// <summary>Whether one route alone leads there: another suite may draw the same at the same moment.</summary>
    public static bool IsOurs(string prefix) =>
        SystemCommand.Run("ip", ["-4", "route", "show", $"{prefix}.0/{PrefixBits}"]).Trim().Split('\n').Length == 1;

    /// <summary>The networks and addresses that the lines of <c>ip route</c> begin with.</summary>
    public static IReadOnlyList<IPNetwork> Routes(string lines) =>
    [
        .. lines.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiDigit(word[0]))
            .Select(word => word.Contains('/') ? word : word + "/32")
            .Where(word => IPNetwork.TryParse(word, out _)).Select(IPNetwork.Parse),
    ];
}
