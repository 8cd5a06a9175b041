using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Notes in a history who leads, all the time. How late a session may end is promised only while one node leads: each
/// new leader gives every session a full timeout (zookeeper-protocol 7.2).
/// </summary>
internal static class CalmProbe
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(WorkloadContext context, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await AskAsync(context);
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks once.</summary>
    public static async Task AskAsync(WorkloadContext context)
    {
        var invoked = context.Recorder.Now;
        var modes = await context.Cluster.ModesAsync();
        var isCalm = modes.All(mode => mode is not null) && modes.Count(IsLeading) == 1;
        context.Recorder.Add(new Operation
        {
            Process = 0, Kind = OperationKind.Probe, Key = "", Invoked = invoked, Completed = context.Recorder.Now,
            Error = isCalm ? 0 : Operation.NoNode, Node = isCalm ? Array.FindIndex(modes, IsLeading) + 1 : 0,
        });
    }

    private static bool IsLeading(string? mode) => mode is "leader" or "standalone";
}
