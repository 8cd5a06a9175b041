using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Whether two nodes may talk (raft-design I1 to I4, M12). Each side applies it to the other's hello.
/// </summary>
internal static class HandshakeRules
{
    /// <summary>Judges <paramref name="theirs"/>, with <paramref name="mine"/> addressed to its sender.</summary>
    public static PeerVerdict Check(PeerHello mine, PeerHello theirs)
    {
        if (theirs.WireVersionMin > mine.WireVersionMax || theirs.WireVersionMax < mine.WireVersionMin)
            return PeerVerdict.WireVersion;
        if (theirs.ClusterName != mine.ClusterName)
            return PeerVerdict.ClusterName;
        if (theirs.Node == mine.Node)
            return PeerVerdict.SameNode;
        if (theirs.ExpectedPeer != mine.Node || theirs.Node != mine.ExpectedPeer)
            return PeerVerdict.WrongPeer;
        if (mine.ClusterId != 0 && theirs.ClusterId != 0 && theirs.ClusterId != mine.ClusterId)
            return PeerVerdict.ClusterId;
        if (!Understands(mine, theirs.FeatureLevel) || !Understands(theirs, mine.FeatureLevel))
            return PeerVerdict.FeatureLevel;
        return mine.ClusterId == 0 || theirs.ClusterId == 0 ? CheckEmpty(mine, theirs) : CheckMembers(mine, theirs);
    }

    /// <summary>
    /// Whether the two are what they say: what such a node tells of its cluster may be believed, though no link is
    /// made (raft-design M14).
    /// </summary>
    public static bool IsGenuine(PeerVerdict verdict) => verdict is
        PeerVerdict.Accepted or PeerVerdict.NotReady or PeerVerdict.NotAMember or PeerVerdict.Incarnation;

    /// <summary>
    /// One line for the log, with both sides' values: what is wrong, and where to look (raft-design I1).
    /// </summary>
    public static string Explain(PeerVerdict verdict, PeerHello mine, PeerHello theirs) => verdict switch
    {
        PeerVerdict.WireVersion =>
            $"it speaks wire versions {theirs.WireVersionMin} to {theirs.WireVersionMax}, "
            + $"this node {mine.WireVersionMin} to {mine.WireVersionMax}",
        PeerVerdict.ClusterName =>
            $"it belongs to cluster '{theirs.ClusterName}', this node to '{mine.ClusterName}'",
        PeerVerdict.SameNode =>
            $"both call themselves node {mine.Node.Value}; every node needs an id of its own",
        PeerVerdict.WrongPeer =>
            $"node {theirs.Node.Value} looks for node {theirs.ExpectedPeer.Value}, "
            + $"node {mine.Node.Value} looks for node {mine.ExpectedPeer.Value}; check the peer addresses",
        PeerVerdict.ClusterId =>
            $"it has cluster id {theirs.ClusterId:x32}, this node {mine.ClusterId:x32}: two clusters of one name",
        PeerVerdict.NotAMember => ExplainStranger(mine, theirs),
        PeerVerdict.Incarnation => ExplainIncarnation(mine, theirs),
        PeerVerdict.OlderProcess => "a newer process of the same node is linked already",
        PeerVerdict.NodeLists =>
            $"it lists nodes {Ids(theirs)}, this node {Ids(mine)}; to begin a cluster, give all the same cluster.json",
        PeerVerdict.FeatureLevel =>
            $"its cluster is at feature level {theirs.FeatureLevel}, it knows levels up to {theirs.FeatureLevelMax}, "
            + $"this node is at {mine.FeatureLevel} and knows up to {mine.FeatureLevelMax}; start the newer version",
        PeerVerdict.Busy => "it is receiving a snapshot already",
        _ => "it is not ready yet",
    };

    private static bool Understands(PeerHello node, ushort level) =>
        node.FeatureLevelMin <= level && level <= node.FeatureLevelMax;

    /// <summary>One of the two has no cluster yet: nothing but introductions (raft-design M14).</summary>
    private static PeerVerdict CheckEmpty(PeerHello mine, PeerHello theirs)
    {
        var (empty, other) = theirs.ClusterId == 0 ? (theirs, mine) : (mine, theirs);
        if (other.ClusterId == 0 && Ids(mine) != Ids(theirs))
            return PeerVerdict.NodeLists;
        if (other.Find(empty.Node) is not { } known)
            return PeerVerdict.NotAMember;
        if (other.ClusterId != 0 && known.Incarnation != empty.Incarnation)
            return PeerVerdict.Incarnation;
        return theirs.Channel == PeerChannel.Introduction ? PeerVerdict.Accepted : PeerVerdict.NotReady;
    }

    /// <summary>
    /// Two nodes of one cluster. Whether the other is a member decides nothing: it may know a membership that has
    /// not come here yet (raft-design M12). Incarnations do, by the newer of the two memberships (raft-design I3).
    /// </summary>
    private static PeerVerdict CheckMembers(PeerHello mine, PeerHello theirs)
    {
        var newer = Newer(mine, theirs);
        return IsReplaced(newer, mine) || IsReplaced(newer, theirs) ? PeerVerdict.Incarnation : PeerVerdict.Accepted;
    }

    private static PeerHello Newer(PeerHello mine, PeerHello theirs) =>
        theirs.MembershipIndex > mine.MembershipIndex ? theirs : mine;

    private static bool IsReplaced(PeerHello list, PeerHello node) =>
        list.Find(node.Node) is { } known && known.Incarnation != node.Incarnation;

    private static string ExplainStranger(PeerHello mine, PeerHello theirs)
    {
        var (empty, other) = mine.ClusterId == 0 ? (mine, theirs) : (theirs, mine);
        return $"node {empty.Node.Value} is no member yet; {LetIn("add", empty.Node, other)}";
    }

    private static string ExplainIncarnation(PeerHello mine, PeerHello theirs)
    {
        var list = mine.ClusterId == 0 ? theirs : theirs.ClusterId == 0 ? mine : Newer(mine, theirs);
        var replaced = IsReplaced(list, mine) ? mine : theirs;
        var known = list.Find(replaced.Node)?.Incarnation ?? 0;
        var remedy = replaced.ClusterId == 0
            ? LetIn("replace", replaced.Node, list)
            : "it belongs to a directory of before; start on an empty one, then "
                + LetIn("replace", replaced.Node, list);
        return $"the cluster knows node {replaced.Node.Value} by incarnation {known:x32}, its data directory has "
            + $"{replaced.Incarnation:x32}: a replaced directory cannot take its predecessor's place; {remedy}";
    }

    /// <summary>
    /// Names the administrator's call (raft-design M15), and where the leader is, if the list's node knows.
    /// </summary>
    private static string LetIn(string command, NodeId node, PeerHello list)
    {
        var leader = list.KnownLeader == list.Node ? list.Self : list.Find(list.KnownLeader);
        var at = leader is null ? "" : $" (node {leader.Id.Value}, {leader.Admin})";
        return $"POST /commands/members/{command}?id={node.Value} on the leader's admin port{at} lets it in";
    }

    private static string Ids(PeerHello hello) => string.Join(", ", hello.Members.Select(member => member.Id.Value));
}
