namespace Coord.Node.Hosting;

/// <summary>A limit that can be set: its key, its range, and where it goes in <see cref="NodeLimits"/>.</summary>
internal sealed record LimitSetting(
    string Key, string Meaning, long Least, long Most, Func<NodeLimits, long, NodeLimits> Apply)
{
    private const string TrueOrFalse = "true or false";
    private const long MiB = 1024 * 1024;
    private const long Day = 24 * 60 * 60 * 1000;

    /// <summary>
    /// All of them. Settings that ZooKeeper has keep its names, in the section <c>zookeeper</c>; the rest is in
    /// <c>limits</c>.
    /// </summary>
    public static IReadOnlyList<LimitSetting> All { get; } =
    [
        Ms("zookeeper:tickTime", 100, 600_000, (limits, value) => limits with
        {
            TickTime = value,
            SessionTimeoutMin = 2 * value,
            SessionTimeoutMax = 20 * value,
        }),
        Ms("zookeeper:minSessionTimeout", 100, Day, (limits, value) => limits with { SessionTimeoutMin = value }),
        Ms("zookeeper:maxSessionTimeout", 100, Day, (limits, value) => limits with { SessionTimeoutMax = value }),
        Bytes("zookeeper:jute.maxbuffer", 1_024, 16 * MiB, (limits, value) => limits with
        {
            ClientFrameBytesMax = (int)value,
            ClientOutstandingBytesMax = Math.Max(limits.ClientOutstandingBytesMax, 2 * (int)value),
        }),
        Count("zookeeper:maxClientCnxns", 0, 1_000_000, (limits, value) =>
            limits with { ClientConnectionsPerAddressMax = (int)value }),
        Count("zookeeper:maxCnxns", 1, 1_000_000, (limits, value) =>
            limits with { ClientConnectionsMax = (int)value }),
        Count("zookeeper:clientPortListenBacklog", 1, 65_535, (limits, value) =>
            limits with { ListenBacklog = (int)value }),
        Flag("zookeeper:readonlymode.enabled", (limits, value) => limits with { ReadOnlyMode = value }),
        Flag("zookeeper:audit.enable", (limits, value) => limits with { AuditEnable = value }),
        Flag("zookeeper:skipACL", (limits, value) => limits with { SkipAcl = value }),
        Flag("zookeeper:reconfigEnabled", (limits, value) => limits with { ReconfigEnabled = value }),
        Flag("zookeeper:extendedTypesEnabled", (limits, value) => limits with { ExtendedTypesEnabled = value }),
        Flag("zookeeper:enforceQuota", (limits, value) => limits with { EnforceQuota = value }),
        Ms("zookeeper:znode.container.checkIntervalMs", 10, Day, (limits, value) =>
            limits with { SweepInterval = value }),
        Count("zookeeper:znode.container.maxPerMinute", 1, 6_000_000, (limits, value) =>
            limits with { SweepsPerMinuteMax = (int)value }),
        Ms("zookeeper:znode.container.maxNeverUsedIntervalMs", 0, 365 * Day, (limits, value) =>
            limits with { ContainerNeverUsedMax = value }),
        Ms("limits:clientHandshakeTimeoutMs", 100, Day, (limits, value) =>
            limits with { ClientHandshakeTimeout = value }),
        Bytes("limits:clientOutboundBytesMax", MiB, 1_024 * MiB, (limits, value) =>
            limits with { ClientOutboundBytesMax = (int)value }),
        Bytes("limits:clientMemoryMax", MiB, 1_024 * 1_024 * MiB, (limits, value) =>
            limits with { ClientMemoryMax = value }),
        Count("limits:clientOutstandingRequestsMax", 1, 1_000_000, (limits, value) =>
            limits with { ClientOutstandingRequestsMax = (int)value }),
        Bytes("limits:clientIdentitiesBytesMax", 1_024, 32 * 1_024, (limits, value) =>
            limits with { ClientIdentitiesBytesMax = (int)value }),
        Count("limits:clientWatchesMax", 1, 100_000_000, (limits, value) =>
            limits with { ClientWatchesMax = (int)value }),
        Bytes("limits:clientWatchPathBytesMax", 64 * 1_024, 16_384 * MiB, (limits, value) =>
            limits with { ClientWatchPathBytesMax = value }),
        Count("limits:watchesMax", 1, 1_000_000_000, (limits, value) => limits with { WatchesMax = (int)value }),
        Count("limits:auditQueueMax", 1, 10_000_000, (limits, value) => limits with { AuditQueueMax = (int)value }),
        Bytes("limits:auditQueueBytesMax", 64 * 1_024, 16_384 * MiB, (limits, value) =>
            limits with { AuditQueueBytesMax = value }),
        Bytes("limits:replyBytesMax", 64 * 1_024, 256 * MiB, (limits, value) =>
            limits with { ReplyBytesMax = (int)value }),
        Ms("limits:clientLingerTimeoutMs", 100, Day, (limits, value) => limits with { ClientLingerTimeout = value }),
        Ms("limits:certificatePollMs", 100, Day, (limits, value) =>
            limits with { CertificatePollInterval = value }),
        Ms("limits:stopTimeoutMs", 0, Day, (limits, value) => limits with { StopTimeout = value }),
        Ms("limits:replicaTickMs", 1, 100, (limits, value) => limits with { ReplicaTick = value }),
        Count("limits:turnsInRowMax", 0, 1_000, (limits, value) => limits with { TurnsInRowMax = (int)value }),
        Count("limits:heartbeatTicks", 1, 1_000, (limits, value) => limits with { HeartbeatTicks = (int)value }),
        Count("limits:electionTicks", 5, 100_000, (limits, value) => limits with { ElectionTicks = (int)value }),
        Flag("limits:leaderLeases", (limits, value) => limits with { LeaderLeases = value }),
        Ms("limits:membershipChangeTimeoutMs", 1_000, Day, (limits, value) =>
            limits with { MembershipChangeTimeout = value }),
        Ms("limits:flushStopMs", 1_000, Day, (limits, value) => limits with { FlushStop = value }),
        Bytes("limits:segmentBytes", MiB, 1_024 * MiB, (limits, value) => limits with { SegmentBytes = (int)value }),
        Bytes("limits:firstSegmentBytes", MiB, 1_024 * MiB, (limits, value) =>
            limits with { FirstSegmentBytes = (int)value }),
        Bytes("limits:snapshotTriggerBytes", 64 * 1_024, 1_024 * 1_024 * MiB, (limits, value) =>
            limits with { SnapshotTriggerBytes = value }),
        Bytes("limits:logKeptBytes", 0, 1_024 * 1_024 * MiB, (limits, value) =>
            limits with { LogKeptBytes = value }),
        Bytes("limits:snapshotBytesPerSecond", MiB, 1_024 * MiB, (limits, value) =>
            limits with { SnapshotBytesPerSecond = (int)value }),
        Bytes("limits:scrubBytesPerSecond", 4 * 1_024, 1_024 * MiB, (limits, value) =>
            limits with { ScrubBytesPerSecond = (int)value }),
        Ms("limits:scrubIntervalMs", 1_000, 365 * Day, (limits, value) => limits with { ScrubInterval = value }),
        Bytes("limits:uncommittedBytesMax", MiB, 4_096 * MiB, (limits, value) =>
            limits with { UncommittedBytesMax = value }),
        Bytes("limits:logWindowBytes", MiB, 16_384 * MiB, (limits, value) => limits with { LogWindowBytes = value }),
    ];

    /// <summary>Reads its value; null when no source has one.</summary>
    /// <exception cref="SettingsException">The value is out of range, or no value of this kind.</exception>
    public long? Read(SettingValues values)
    {
        if (Meaning != TrueOrFalse || values[Key] is not { } text)
            return values.Number(Key, Least, Most, Meaning);
        return text.ToUpperInvariant() switch
        {
            "TRUE" or "YES" => 1, // ZooKeeper itself says yes to skipACL and true to all others.
            "FALSE" or "NO" => 0,
            _ => throw values.Wrong(Key, $"must be {TrueOrFalse}"),
        };
    }

    private static LimitSetting Flag(string key, Func<NodeLimits, bool, NodeLimits> apply) =>
        new(key, TrueOrFalse, 0, 1, (limits, value) => apply(limits, value == 1));

    private static LimitSetting Ms(string key, long least, long most, Func<NodeLimits, TimeSpan, NodeLimits> apply) =>
        new(key, "milliseconds", least, most, (limits, value) => apply(limits, TimeSpan.FromMilliseconds(value)));

    private static LimitSetting Bytes(string key, long least, long most, Func<NodeLimits, long, NodeLimits> apply) =>
        new(key, "bytes", least, most, apply);

    private static LimitSetting Count(string key, long least, long most, Func<NodeLimits, long, NodeLimits> apply) =>
        new(key, "a count", least, most, apply);
}
