using System.Diagnostics;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Looks after a node whose disk works again, where nodes do not promise to end when it fails: one that has ended is
/// mended and started, and one that lives on without serving is ended and started, once.
/// </summary>
/// <param name="cluster">Of the node.</param>
/// <param name="patience">How long a node may live on without serving.</param>
internal sealed class Operator(LocalCluster cluster, TimeSpan patience)
{
    // As long as the cluster is given to serve again.
    private static readonly TimeSpan ServingPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the node serves, or it is not for an operator to make it; says what was done.</summary>
    public async Task<string> TendAsync(int node)
    {
        var done = new List<string>();
        var (clock, isAnew) = (Stopwatch.StartNew(), false);
        for (; clock.Elapsed < ServingPatience && !await cluster.ServesAsync(node); await Task.Delay(PollInterval))
        {
            var hasEnded = !cluster.IsRunning(node);
            if (!hasEnded && (isAnew || clock.Elapsed < patience))
                continue;

            var mended = hasEnded ? await cluster.MendAsync(node) : "";

            // Another fault may keep it down, and starts it when it lets go.
            if (!await cluster.StartAnewAsync(node))
                break;
            done.Add($"node {node} {(hasEnded ? "had ended" : "lived on without serving")}" +
                (mended.Length > 0 ? $" ({mended})" : ""));
            isAnew |= !hasEnded;
        }

        return string.Join(", ", done);
    }
}
