using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Chooses the learner to be made a voter next (raft-design M9): one that is to vote, is linked and answers, and has
/// everything that is committed. Whether it keeps up is judged by the engine, which refuses who does not.
/// </summary>
internal sealed class LearnerPromotion(long patienceMs, int electionTicks)
{
    private readonly Dictionary<NodeId, long> since = [];

    /// <summary>A learner that has been behind for long; told once in that time, and it goes on trying.</summary>
    public NodeId? Laggard { get; private set; }

    public void Clear() => since.Clear();

    /// <summary>The first learner that may be fit to vote, or null.</summary>
    public NodeId? Choose(RaftStatus status, MemberDirectory directory, long nowMs)
    {
        Laggard = null;
        foreach (var peer in status.Peers)
        {
            var isCandidate = peer.IsLearner && peer.IsLinked && !peer.IsRecovering
                && directory.Find(peer.Id) is { Votes: true };
            if (!isCandidate)
                since.Remove(peer.Id);
            else if (IsPromising(peer, status.Commit))
                return peer.Id;
            else if (nowMs - since.GetValueOrDefault(peer.Id, nowMs) > patienceMs)
                Laggard = peer.Id;
            if (isCandidate && (Laggard == peer.Id || !since.ContainsKey(peer.Id)))
                since[peer.Id] = nowMs;
        }

        return null;
    }

    // Who would be refused for certain must not keep others from being asked for.
    private bool IsPromising(PeerStatus peer, LogIndex commit) =>
        peer.Match >= commit && peer.State == PeerState.Replicate && peer.TicksSinceHeard < electionTicks;
}
