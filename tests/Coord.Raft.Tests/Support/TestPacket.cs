namespace Coord.Raft.Tests;


/// <summary>Something on its way between test nodes: a message, or a snapshot with the term it was offered in.</summary>
internal sealed record TestPacket(NodeId From, NodeId To, RaftMessage? Message, TestSnapshot? Snapshot, Term LeaderTerm)
{
    public static TestPacket Of(NodeId from, OutboundMessage outbound) =>
        new(from, outbound.To, outbound.Message, null, default);
}
