using Coord.Node.Tests.Replica;
using static Coord.Node.Tests.Processes.RawClient;
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

    // The session's other requests keep their order around it: it does not see the write behind it.
    [Fact]
    public void A_read_with_a_barrier_is_answered_as_one_behind_a_sync()
    {
        var client = new ReplicaClient(replica);
        client.Ask(Create(1, "/a"));
        var plain = client.Ask(
            Set(2, "/a"), Sync(3, "/"), Exists(3, "/b"), Get(4, "/b"), Create(5, "/b"), Get(6, "/b"), Set(7, "/a"));
        var barrier = client.Ask(
            Set(2, "/a"), WithBarrier(Exists(3, "/c")), Get(4, "/c"), Create(5, "/c"), Get(6, "/c"), Set(7, "/a"));
        plain.RemoveAt(1);
        Assert.Equal(["2 0", "3 -101", "4 -101", "5 0", "6 0", "7 0"], Errors(plain));
        Assert.Equal(Errors(plain), Errors(barrier));
    }

    // What is not given back is missing in the connection's budget for ever.
    [Fact]
    public void The_bytes_of_every_request_are_given_back_when_it_is_answered()
    {
        var client = new ReplicaClient(replica);
        byte[][] requests =
            [Create(1, "/a"), Get(2, "/a"), Sync(3, "/"), WithBarrier(Get(4, "/a")), WithBarrier(Sync(5, "/a"))];
        client.Ask(requests);
        Assert.Equal(requests.Sum(request => request.Length + 4), client.BytesGivenBack);
    }

    [Fact]
    public void A_read_with_a_barrier_watches()
    {
        var client = new ReplicaClient(replica);
        client.Ask(Create(1, "/a"));
        Assert.Equal(
            ["2 0", "event 3 /a", "3 0"],
            client.Ask(WithBarrier(Get(2, "/a", watch: true)), Set(3, "/a")).Select(reply =>
                reply.StartsWith("event", StringComparison.Ordinal) ? reply : Errors([reply])[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(1004)]
    [InlineData(4711)]
    public void Nothing_but_a_read_can_have_a_barrier(int type)
    {
        var client = new ReplicaClient(replica);
        byte[] record = [0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(
            ["1 -5", "2 -5", "3 0"],
            Errors(client.Ask(
                [.. I32(1), .. I32(1004), .. I32(type), .. record], [.. I32(2), .. I32(1004)],
                WithBarrier(Exists(3, "/")))));
    }

    private static List<string> Errors(List<string> replies) =>
        [.. replies.Select(reply => string.Join(' ', reply.Split(' ')[..2]))];
}
