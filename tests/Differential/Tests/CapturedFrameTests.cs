using Coord.Differential.Captured;
using Coord.Differential.Servers;

namespace Coord.Differential.Tests;

/// <summary>
/// What Apache ZooKeeper answered once, frame by frame: a node is told the same, and has to answer the same, field by
/// field.
/// </summary>
public sealed class CapturedFrameTests(CapturedFrameTests.Node node) : IClassFixture<CapturedFrameTests.Node>
{
    public static TheoryData<string> Names => [.. Conversation.All.Select(conversation => conversation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_node_answers_what_ZooKeeper_answered(string name)
    {
        var conversation = Conversation.All.Single(other => other.Name == name);
        var differences = Replay.Execute(ConversationFile.Read(conversation.FileBelow(Server.Root)), node.Port);
        Assert.Equal(
            string.Join('\n', KnownAnswer.LinesOf(name)),
            string.Join('\n', differences));
    }

    public sealed class Node : IDisposable
    {
        private readonly Server _server = Server.Coord(nodes: 1);

        public int Port => _server.Ports[0];

        public void Dispose() => _server.Dispose();
    }
}
