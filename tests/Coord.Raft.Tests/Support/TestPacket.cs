namespace Coord.Raft.Tests;

/// <summary>
/// Something on its way between test nodes: a message, or a snapshot with the term it was offered in. Not a record: two
/// equal packets are two packets.
/// </summary>
internal sealed class TestPacket(NodeId from, NodeId to, RaftMessage? message, TestSnapshot? snapshot, Term leaderTerm)
{
    public NodeId From => from;

    public NodeId To => to;

    public RaftMessage? Message => message;

    public TestSnapshot? Snapshot => snapshot;

    public Term LeaderTerm => leaderTerm;

    public static TestPacket Of(NodeId from, OutboundMessage outbound) =>
        new(from, outbound.To, outbound.Message, null, default);

    public TestPacket Copy() => new(from, to, message, snapshot, leaderTerm);
}
