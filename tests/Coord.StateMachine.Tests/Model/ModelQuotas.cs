using System.Globalization;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>Quotas as zookeeper-protocol 9.1 tells them, by walking the whole tree each time.</summary>
internal static class ModelQuotas
{
    private const string Above = "/zookeeper/quota";

    /// <summary>The data of a znode as it is read.</summary>
    public static string? Read(IReadOnlyDictionary<string, ModelZnode> znodes, string path)
    {
        string stats = "/zookeeper_stats";
        if (!path.StartsWith(Above + "/", StringComparison.Ordinal) || !path.EndsWith(stats, StringComparison.Ordinal)
            || path == Above + stats)
            return znodes[path].Value;
        var (count, bytes) = Use(znodes, path[Above.Length..^stats.Length]);
        return $"count={count},bytes={bytes}";
    }

    public static ErrorCode Check(
        IReadOnlyDictionary<string, ModelZnode> znodes, string path, int moreZnodes, int moreBytes)
    {
        for (string of = path; of.Length > 0; of = of[..of.LastIndexOf('/')])
        {
            if (!znodes.TryGetValue($"{Above}{of}/zookeeper_limits", out var limits))
                continue;
            var (count, bytes) = Use(znodes, of);
            bool isOver = (moreZnodes > 0 && Exceeds(limits.Value, "countHardLimit", count + moreZnodes))
                || (moreBytes != 0 && Exceeds(limits.Value, "byteHardLimit", bytes + moreBytes));
            return isOver ? ErrorCode.QuotaExceeded : ErrorCode.Ok;
        }

        return ErrorCode.Ok;
    }

    private static bool Exceeds(string? limits, string key, long use)
    {
        string? pair = (limits ?? "").Split(',', ';')
            .LastOrDefault(p => p.StartsWith(key + "=", StringComparison.Ordinal));
        if (pair == null)
            return false;
        long limit = long.Parse(pair[(key.Length + 1)..].TrimEnd('='), CultureInfo.InvariantCulture);
        return limit >= 0 && use > limit;
    }

    private static (int Count, int Bytes) Use(IReadOnlyDictionary<string, ModelZnode> znodes, string of)
    {
        var inside = znodes.Where(z => z.Key == of || z.Key.StartsWith(of + "/", StringComparison.Ordinal)).ToList();
        return (inside.Count, inside.Sum(z => z.Value.Value?.Length ?? 0));
    }
}
