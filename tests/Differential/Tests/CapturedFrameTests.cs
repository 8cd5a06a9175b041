using Coord.Differential.Captured;
using Coord.Differential.Servers;

namespace Coord.Differential.Tests;

/// <summary>
/// What Apache ZooKeeper answered once, frame by frame: a node is told the same, and has to answer the same, field by
/// field. Each conversation has a node of its own: what one leaves behind in znodes of the server's own is another's to
/// read.
/// </summary>
public sealed class CapturedFrameTests : IDisposable
{
    private readonly Server _server = Server.Coord(nodes: 1);

    public static TheoryData<string> Names => [.. Conversation.All.Select(conversation => conversation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_node_answers_what_ZooKeeper_answered(string name)
    {
        var conversation = Conversation.All.Single(other => other.Name == name);
        var differences = Replay.Execute(ConversationFile.Read(conversation.FileBelow(Server.Root)), _server.Ports[0]);
        Assert.Equal(
            string.Join('\n', KnownAnswer.LinesOf(name)),
            string.Join('\n', differences));
    }

    public void Dispose() => _server.Dispose();
}
