using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Replica.ReplicaClient;

namespace Coord.Node.Tests.Clients;

/// <summary>What a request goes by, and when it is answered, is its place in its connection's stream.</summary>
public class RequestOrderTests
{
    private const int InvalidAcl = -114;
    private const int NoAuth = -102;

    private readonly LoneReplica replica = new(processStart: 1);

    // setWatches holds back what comes behind it: the write is proposed, and the read runs, behind the auth.
    [Fact]
    public void What_a_connection_shows_later_is_for_later_requests()
    {
        var owner = new ReplicaClient(replica);
        owner.Ask(Auth(1, "u:p"));
        Assert.Equal(["2 0"], Errors(owner.Ask(Create(2, "/secret", Acl("auth", "")))));

        var client = new ReplicaClient(replica);
        Assert.Equal(
            ["-8 0", $"1 {InvalidAcl}", $"2 {NoAuth}", "3 0", "4 0"],
            Errors(client.Ask(
                SetWatches(0, [], [], []), Create(1, "/a", Acl("auth", "")), Get(2, "/secret"), Auth(3, "u:p"),
                Get(4, "/secret"))));
    }

    // The connection is counted as long as it is open: its last word must close it, however early it came.
    [Fact]
    public void A_last_word_ahead_of_the_handshakes_answer_ends_the_connection()
    {
        byte[] unknown = [0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0x10, 0];
        var client = new ReplicaClient(replica, unknown);
        Assert.Equal(["1 -6"], Errors(client.Received()));
        Assert.True(client.IsClosed);
    }

    private static List<string> Errors(List<string> replies) =>
        [.. replies.Select(reply => string.Join(' ', reply.Split(' ')[..2]))];
}
