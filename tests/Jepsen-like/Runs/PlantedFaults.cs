namespace Coord.JepsenLike.Runs;

/// <summary>Faults that a run builds in on purpose: rules that do not find them have shown nothing.</summary>
internal static class PlantedFaults
{
    /// <summary>A holder whose lock is gone goes on writing, and without the check of its token.</summary>
    public const string IgnoreLostToken = "ignore-lost-token";

    /// <summary>Reads are recorded as linearizable but made without sync.</summary>
    public const string ReadsWithoutBarrier = "reads-without-barrier";

    /// <summary>
    /// Every flush of the nodes returns at once and is one only a little later: they acknowledge before their writes
    /// are durable.
    /// </summary>
    public const string EarlyAck = "early-ack";

    public static IReadOnlyList<string> All { get; } = [IgnoreLostToken, ReadsWithoutBarrier, EarlyAck];
}
