using Coord.Node.Members;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// ZooKeeper's <c>reconfig</c> in its order of checks (zookeeper-protocol 11), as steps of a membership change.
/// </summary>
internal static class ReconfigRules
{
    private const int VotersMin = 2;

    /// <summary>Judges a request at the leader; the steps are there where the error is Ok.</summary>
    public static ErrorCode Check(
        ReconfigText request, Caller caller, ZnodeTree tree, Membership membership,
        MemberDirectory directory, Func<NodeId, Member?> findWaiting, bool isBusy, out List<MembershipStep> steps)
    {
        steps = [];
        tree.TryGetData("/zookeeper/config"u8, out var config, out _, out var stat);
        if (config.IsEmpty)
            return ErrorCode.Unimplemented; // A cluster of one that never changed: ZooKeeper's standalone server.
        if (isBusy)
            return ErrorCode.ReconfigInProgress;
        if (request.CurrentConfigId != -1 && request.CurrentConfigId != stat.Mzxid)
            return ErrorCode.BadVersion;
        if (!TryRead(request, membership, out var joining, out var leaving))
            return ErrorCode.BadArguments;
        var voters = membership.Voters
            .Except(leaving)
            .Except(joining.Where(node => !node.Votes).Select(node => node.Id))
            .Union(joining.Where(node => node.Votes).Select(node => node.Id)).Count();
        if (voters < VotersMin)
            return ErrorCode.BadArguments;
        if (!TryFindNodes(joining, membership, directory, findWaiting, out var nodes))
            return ErrorCode.NewConfigNoQuorum;
        if (Admission.WhyNot(directory, nodes, leaving) is not null)
            return ErrorCode.BadArguments;
        if (!tree.MayReconfigure(caller))
            return ErrorCode.NoAuth;
        steps = StepsOf(nodes, leaving);
        return ErrorCode.Ok;
    }

    private static bool TryRead(
        ReconfigText request, Membership membership, out List<ServerSpec> joining, out List<NodeId> leaving)
    {
        joining = [];
        leaving = [];
        var isWhole = request.NewMembers.Length > 0;
        if (isWhole && (request.Joining.Length > 0 || request.Leaving.Length > 0))
            return false;
        if (!ServerSpec.TryParseAll(isWhole ? request.NewMembers : request.Joining, out joining)
            || !ServerSpec.TryParseIds(request.Leaving, out leaving))
            return false;
        if (!isWhole)
            return joining.Count + leaving.Count > 0 && !leaving.Exists(HasId(joining));

        var stay = joining;
        leaving = [.. membership.Voters.Concat(membership.Learners).Where(id => !stay.Exists(node => node.Id == id))];
        return joining.Count > 0;
    }

    private static Predicate<NodeId> HasId(List<ServerSpec> servers) => id => servers.Exists(node => node.Id == id);

    // A newcomer must be there, on an empty directory: its incarnation is known from its introduction (M8).
    private static bool TryFindNodes(
        List<ServerSpec> joining, Membership membership, MemberDirectory directory, Func<NodeId, Member?> findWaiting,
        out List<Member> nodes)
    {
        nodes = [];
        foreach (var server in joining)
        {
            var known = membership.Contains(server.Id) ? directory.Find(server.Id) : findWaiting(server.Id);
            if (known is null)
                return false;
            nodes.Add(known with
            {
                Peer = server.Peer, Client = server.Client, ElectionPort = server.ElectionPort, Votes = server.Votes,
            });
        }

        return true;
    }

    // Newcomers first: the quorum is larger while members go.
    private static List<MembershipStep> StepsOf(List<Member> nodes, List<NodeId> leaving)
    {
        var steps = new List<MembershipStep>();
        if (nodes.Count > 0)
            steps.Add(new AdmitStep(nodes));
        if (nodes.Exists(node => node.Votes))
            steps.Add(new AwaitVotersStep([.. nodes.Where(node => node.Votes).Select(node => node.Id)]));
        if (leaving.Count > 0)
            steps.Add(new DismissStep(leaving));
        return steps;
    }
}
