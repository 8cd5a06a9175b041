using System.Text;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Counts the requests that exceed a quota, refused or not, and warns of them now and then. On the leader only, as in
/// ZooKeeper: the others apply the same.
/// </summary>
internal sealed class QuotaWatch(ReplicaView view, ReplicaServices services)
{
    // A path may be as long as a frame.
    private const int ShownPathBytesMax = 256;

    private long warnedAtMs = long.MinValue / 2;
    private long unwarned;

    /// <summary>Requests since the start that exceeded a quota while this node led.</summary>
    public long Exceeded { get; private set; }

    public void Note(QuotaExcess excess)
    {
        if (!view.IsLeader)
            return;
        Exceeded++;
        unwarned++;
        if (view.NowMs - warnedAtMs < services.Limits.QuotaWarningInterval.TotalMilliseconds)
            return;
        var path = excess.Path.Span[..Math.Min(excess.Path.Length, ShownPathBytesMax)];
        ReplicaTrace.QuotaExceeded(
            services.Logger, Encoding.UTF8.GetString(path), excess.Use,
            excess.IsBytes ? "bytes of data" : "znodes", excess.Limit, unwarned);
        warnedAtMs = view.NowMs;
        unwarned = 0;
    }
}
