namespace Coord.Fuzz.Targets;

/// <summary>All targets, in the order of the command's list.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<string> Names { get; } = [.. All().Select(t => t.Name)];

    public static IFuzzTarget[] All() =>
        [new PeerTarget(), new HelloTarget(), new SegmentsTarget(), new SnapshotsTarget(), new ClientsTarget()];
}
