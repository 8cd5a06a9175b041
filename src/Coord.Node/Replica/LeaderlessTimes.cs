using Coord.Node.Metrics;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>Measures how long this node knew no leader, and how long it served nobody for it.</summary>
internal sealed class LeaderlessTimes
{
    private readonly ReplicaView view;
    private readonly ReplicaMetrics metrics;
    private NodeId? known;
    private long? lostAtMs;
    private long? unavailableSinceMs;

    public LeaderlessTimes(ReplicaView view, ReplicaMetrics metrics)
    {
        this.view = view;
        this.metrics = metrics;
        Lost();
    }

    /// <summary>Since when this node leads, on the monotonic clock; null when it does not.</summary>
    public long? LeadingSinceMs { get; private set; }

    /// <summary>Role, term or leader changed.</summary>
    public void Changed()
    {
        if (view.Leader is null)
        {
            if (known is not null)
                Lost();
        }
        else if (view.Leader != known)
        {
            metrics.Election.Record(TimeSpan.FromMilliseconds(view.NowMs - (lostAtMs ?? view.NowMs)));
            lostAtMs = null;
        }

        known = view.Leader;
        LeadingSinceMs = view.IsLeader ? LeadingSinceMs ?? view.NowMs : null;
    }

    /// <summary>A turn ends.</summary>
    /// <param name="isServing">This node follows a leader, or leads and has applied its term's first entry.</param>
    public void EndTurn(bool isServing)
    {
        if (!isServing || unavailableSinceMs is not { } since)
            return;
        unavailableSinceMs = null;
        var time = TimeSpan.FromMilliseconds(view.NowMs - since);
        metrics.Unavailable.Record(time);
        if (view.IsLeader)
            metrics.LeaderUnavailable.Record(time);
    }

    private void Lost()
    {
        metrics.Lookings.Add();
        lostAtMs = view.NowMs;
        unavailableSinceMs ??= view.NowMs;
    }
}
