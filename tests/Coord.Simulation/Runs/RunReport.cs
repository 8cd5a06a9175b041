namespace Coord.Simulation.Runs;

/// <summary>What one seed did.</summary>
internal sealed record RunReport(
    ulong Seed,
    ulong TraceHash,
    int Elections,
    int Crashes,
    int Installs,
    long Committed,
    int Answered,
    int Expired,
    long Events);
