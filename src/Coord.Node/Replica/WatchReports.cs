using System.Text;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Somebody wants to know who watches what.</summary>
internal sealed record WatchReportWanted(TaskCompletionSource<WatchReport> Report) : ReplicaInput;

/// <summary>
/// Gathers what <c>wchc</c> and <c>wchp</c> tell, a bounded step per turn (design.md section 10). Who asks while a
/// report is being made gets the same one.
/// </summary>
internal sealed class WatchReports(WatchTable<ClientSession> watches, NodeLimits limits) : IWatchVisitor<ClientSession>
{
    // About half a millisecond.
    private const int WatchesOfStep = 2_000;
    private const int PathBytesOfStep = 256 * 1024;

    // Paths may be as long as a frame: what is told is bounded by their bytes too.
    private const int PathBytesMax = 16 * 1024 * 1024;

    private readonly List<TaskCompletionSource<WatchReport>> waiting = [];
    private HashSet<WatchedBySession> found = [];
    private long foundBytes;
    private int next;

    /// <summary>True while a report goes on without an input.</summary>
    public bool HasWork => waiting.Count > 0;

    public void Begin(WatchReportWanted wanted) => waiting.Add(wanted.Report);

    public void Step()
    {
        if (waiting.Count == 0)
            return;
        next = watches.Visit(next, WatchesOfStep, PathBytesOfStep, this);
        if (next >= 0 && found.Count < limits.ReportedPathsMax && foundBytes < PathBytesMax)
            return;
        var isCut = next >= 0 || found.Count > limits.ReportedPathsMax;
        var report = new WatchReport([.. found.Take(limits.ReportedPathsMax)], isCut);
        foreach (var one in waiting)
            one.TrySetResult(report);
        waiting.Clear();
        (found, foundBytes, next) = ([], 0, 0);
    }

    // A persistent watch is in two tables, and one session may watch a path in several ways.
    public void Visit(ClientSession watcher, ReadOnlySpan<byte> path, WatchKind kind, WatchModes modes)
    {
        if (found.Add(new WatchedBySession(watcher.Id, Encoding.UTF8.GetString(path))))
            foundBytes += path.Length;
    }
}
