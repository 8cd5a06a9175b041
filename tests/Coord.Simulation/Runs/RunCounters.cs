namespace Coord.Simulation.Runs;

/// <summary>
/// How often the things happened that runs are for: a run in which one of them never does has not tested it.
/// </summary>
internal sealed class RunCounters
{
    /// <summary>Names in the order of the last line.</summary>
    private static readonly string[] Names =
    [
        "elections", "installs", "membership-changes", "recoveries", "crashes", "stops", "disk-failures", "transfers",
        "resumed", "committed", "answered", "expired", "swept", "watch-events",
        "undecided",
    ];

    /// <summary>Those that must not be zero in a long run.</summary>
    private static readonly string[] Required =
        ["elections", "installs", "membership-changes", "recoveries", "crashes", "swept"];

    private readonly Dictionary<string, long> _counts = Names.ToDictionary(n => n, _ => 0L, StringComparer.Ordinal);

    public long Elections { set => _counts["elections"] = value; }

    public long Resumed { set => _counts["resumed"] = value; }

    public long Committed { set => _counts["committed"] = value; }

    public long Answered { set => _counts["answered"] = value; }

    public long Expired { set => _counts["expired"] = value; }

    public long Swept { set => _counts["swept"] = value; }

    /// <summary>Histories that were too tangled for the search (raft-design T21).</summary>
    public long Undecided { set => _counts["undecided"] = value; }

    /// <summary>Snapshots that took the place of a node's log.</summary>
    public void CountInstall() => _counts["installs"]++;

    public long MembershipChanges { set => _counts["membership-changes"] = value; }

    /// <summary>A node ended its recovering state (raft-design P30).</summary>
    public void CountRecovery() => _counts["recoveries"]++;

    public void CountCrash() => _counts["crashes"]++;

    /// <summary>Graceful stops.</summary>
    public void CountStop() => _counts["stops"]++;

    /// <summary>Processes that ended because their disk failed them.</summary>
    public void CountDiskFailure() => _counts["disk-failures"]++;

    public void CountTransfer() => _counts["transfers"]++;

    public void CountWatchEvent() => _counts["watch-events"]++;

    public void Add(RunCounters other)
    {
        foreach (var name in Names)
            _counts[name] += other._counts[name];
    }

    /// <summary>What a long run should have done and did not.</summary>
    public IReadOnlyList<string> Missing() => Required.Where(name => _counts[name] == 0).ToArray();

    public override string ToString() => string.Join(' ', Names.Select(name => $"{name}={_counts[name]}"));
}
