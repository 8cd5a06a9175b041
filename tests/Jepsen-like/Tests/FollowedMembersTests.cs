using System.Net;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>Clients while members come and go: some keep their connection string up to date, others do not.</summary>
public sealed class FollowedMembersTests
{
    private const int Seeds = 100;

    private static readonly IPEndPoint Guest = new(IPAddress.Loopback, 4);

    private readonly ClientView view = new(
        [.. Enumerable.Range(1, 3).Select(port => new IPEndPoint(IPAddress.Loopback, port))], ClientView.OwnSocket);

    [Fact]
    public void Half_of_the_clients_that_hear_of_a_new_member_go_over_to_it_at_once_and_the_others_come_by()
    {
        var sessions = Enumerable.Range(0, Seeds).Select(_ => NewSession(hears: true)).ToArray();
        view.Join(4, Guest);
        for (var seed = 0; seed < Seeds; seed++)
            sessions[seed].Follow(new Random(seed));
        Assert.InRange(sessions.Count(session => session.Node == 4), Seeds / 4, Seeds * 3 / 4);
        Assert.All(sessions, session => Assert.Contains(4, Round(session, nodes: 4)));
    }

    [Fact]
    public void A_client_that_hears_of_it_leaves_a_removed_member_and_does_not_come_back()
    {
        using var session = NewSession(hears: true);
        view.Leave(1);
        session.Follow(new Random(1));
        Assert.Equal([2, 3, 2, 3], [session.Node, .. Round(session, nodes: 3)]);
        view.Join(1, Guest);
        Assert.Equal(view.Nodes[0], view.Members[1]);
        session.Follow(new Random(1));
        Assert.Contains(1, Round(session, nodes: 3));
    }

    [Fact]
    public void A_client_that_hears_nothing_keeps_to_the_members_of_its_beginning()
    {
        using var session = NewSession(hears: false);
        view.Leave(1);
        view.Join(4, Guest);
        session.Follow(new Random(1));
        Assert.Equal([1, 2, 3, 1], [session.Node, .. Round(session, nodes: 3)]);
        using var later = NewSession(hears: false);
        Assert.Equal([3, 4, 2], [.. Round(later, nodes: 4).Skip(1)]);
    }

    // The first answer after that would be of a session that the node does not have.
    [Fact]
    public async Task A_client_that_begins_at_a_node_that_is_no_member_turns_to_one_that_is()
    {
        view.Leave(2);
        using var session = new SessionClient(view, firstNode: 2, TimeSpan.FromSeconds(1));
        Assert.False(await session.TryConnectAsync());
        Assert.Equal(3, session.Node);
    }

    private SessionClient NewSession(bool hears) =>
        new(view, firstNode: 1, TimeSpan.FromSeconds(1)) { HearsOfMembers = hears };

    /// <summary>The nodes that a client turns to, one after the other.</summary>
    private static int[] Round(SessionClient session, int nodes) =>
    [
        .. Enumerable.Range(0, nodes).Select(_ =>
        {
            session.MoveOn();
            return session.Node;
        }),
    ];
}
