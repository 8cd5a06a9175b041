using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Reconfigs that reached the leader: judged in ZooKeeper's order, then taken through their steps.</summary>
internal sealed class LeaderReconfigs(
    ReplicaView view, RaftCore core, MembershipDuties duties, WaitingNodes waiting, NodeLimits limits)
{
    // The last change that each node's clients made: asked again, since the answer was lost or crossed the question.
    private readonly Dictionary<NodeId, ReconfigAnswer> made = [];
    private (NodeId From, long Id)? underWay;

    /// <summary>Takes a request; <paramref name="answer"/> is called once, now or when it is done.</summary>
    public void Take(NodeId from, ReconfigForward request, ZnodeTree tree, Action<NodeId, ReconfigAnswer> answer)
    {
        // Sent again because it takes long: it is answered when it is done.
        if (!view.IsLeader || underWay == (from, request.Id))
            return;
        if (made.TryGetValue(from, out var last) && last.Id == request.Id)
        {
            answer(from, last);
            return;
        }

        var membership = core.Membership;
        MemberDirectory.TryDecode(membership.Directory, out var directory);
        var error = ReconfigRules.Check(
            request.Text, new Caller(request.Identities.Span, limits.SkipAcl), tree, membership, directory!,
            id => waiting.Find(id, view.NowMs), duties.IsBusy, out var steps);
        if (error != ErrorCode.Ok)
        {
            answer(from, new ReconfigAnswer(request.Id, error, default));
            return;
        }

        underWay = (from, request.Id);
        var deadlineMs = view.NowMs + (long)limits.MembershipChangeTimeout.TotalMilliseconds;
        duties.Begin(new MembershipChange(steps, force: false, "reconfigured", deadlineMs, outcome =>
        {
            underWay = null;
            if (outcome.IsOfficeLost)
                return;
            made[from] = new ReconfigAnswer(request.Id, outcome.Error, outcome.Index);
            answer(from, made[from]);
        }));
    }
}
