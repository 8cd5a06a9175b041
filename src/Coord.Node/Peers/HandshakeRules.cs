namespace Coord.Node.Peers;

/// <summary>Whether two nodes may talk (raft-design I1 to I4). Each side applies it to the other's hello.</summary>
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
        return mine.ClusterId == 0 || theirs.ClusterId == 0
            ? CheckBeforeGenesis(mine, theirs)
            : CheckMember(mine, theirs);
    }

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
        PeerVerdict.NotAMember =>
            $"node {theirs.Node.Value} is not a member of the other's cluster; "
            + $"node {mine.Node.Value} has cluster id {mine.ClusterId:x32}, it has {theirs.ClusterId:x32}",
        PeerVerdict.Incarnation => ExplainIncarnation(mine, theirs),
        PeerVerdict.OlderProcess => "a newer process of the same node is linked already",
        PeerVerdict.NodeLists =>
            $"it lists nodes {Ids(theirs)}, this node lists {Ids(mine)}; give every node the same cluster.json",
        PeerVerdict.Busy => "it is receiving a snapshot already",
        _ => "it is not ready yet",
    };

    private static PeerVerdict CheckBeforeGenesis(PeerHello mine, PeerHello theirs)
    {
        var (empty, other) = theirs.ClusterId == 0 ? (theirs, mine) : (mine, theirs);
        if (IncarnationIn(other, empty) is not { } known)
            return PeerVerdict.NotAMember;
        if (other.ClusterId != 0 && known != empty.Incarnation)
            return PeerVerdict.Incarnation;
        if (other.ClusterId == 0 && Ids(mine) != Ids(theirs))
            return PeerVerdict.NodeLists;
        return theirs.Channel == PeerChannel.Introduction ? PeerVerdict.Accepted : PeerVerdict.NotReady;
    }

    private static PeerVerdict CheckMember(PeerHello mine, PeerHello theirs)
    {
        if (IncarnationIn(mine, theirs) is not { } known)
            return PeerVerdict.NotAMember;
        if (known != theirs.Incarnation)
            return PeerVerdict.Incarnation;
        return theirs.ExpectedIncarnation != 0 && theirs.ExpectedIncarnation != mine.Incarnation
            ? PeerVerdict.Incarnation
            : PeerVerdict.Accepted;
    }

    private static UInt128? IncarnationIn(PeerHello list, PeerHello node)
    {
        foreach (var member in list.Members)
        {
            if (member.Id == node.Node)
                return member.Incarnation;
        }

        return null;
    }

    private static string ExplainIncarnation(PeerHello mine, PeerHello theirs)
    {
        var known = IncarnationIn(mine, theirs);
        return mine.ClusterId != 0 && known != theirs.Incarnation
            ? $"the cluster knows node {theirs.Node.Value} by incarnation {known:x32}, it shows "
                + $"{theirs.Incarnation:x32}: "
                + "its data directory is not the one it joined with"
            : $"the cluster knows node {mine.Node.Value} by incarnation {IncarnationIn(theirs, mine):x32}, this data "
                + $"directory has {mine.Incarnation:x32}: a replaced directory cannot take its predecessor's place";
    }

    private static string Ids(PeerHello hello) => string.Join(", ", hello.Members.Select(member => member.Id.Value));
}
