namespace Coord.StateMachine;

/// <summary>Where quotas are kept: for /p below <c>/zookeeper/quota/p</c> (zookeeper-protocol 9.1).</summary>
internal static class QuotaPaths
{
    private static ReadOnlySpan<byte> Above => "/zookeeper/quota/"u8;

    private static ReadOnlySpan<byte> Limits => "/zookeeper_limits"u8;

    private static ReadOnlySpan<byte> Stats => "/zookeeper_stats"u8;

    /// <summary>Whether a znode's data are the limits of a path, and of which; the root has none.</summary>
    public static bool IsLimits(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> of) => IsBelow(path, Limits, out of);

    /// <summary>Whether a znode shows the use of a path, and of which.</summary>
    public static bool IsStats(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> of) => IsBelow(path, Stats, out of);

    private static bool IsBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> of)
    {
        bool isBelow = path.Length > Above.Length + name.Length && path.StartsWith(Above) && path.EndsWith(name);
        of = isBelow ? path[(Above.Length - 1)..^name.Length] : default;
        return isBelow;
    }
}
