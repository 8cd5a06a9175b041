using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Tests.Replica;

namespace Coord.Node.Tests.Audit;

/// <summary>Who is told of a session that ended behind its connection, and as what.</summary>
public sealed class SessionEndAuditTests
{
    private readonly ListLogger lines = new();

    [Fact]
    public void The_node_it_was_connected_to_last_says_who_it_was()
    {
        Play(ends =>
        {
            ends.ConnectionGone(Session(7, "jane"));
            ends.Ended(7, SessionEnd.Expired);
        });
        Assert.Equal(["audit: session=0x7 user=jane ip=unknown operation=expireSession result=success"], lines.Spaced);
    }

    /// <summary>A node that was killed remembers nobody: its sessions run out without it.</summary>
    [Fact]
    public void The_leader_tells_of_each_session_that_it_ended_once()
    {
        Play(ends =>
        {
            ends.ConnectionGone(Session(7, "jane"));
            ends.Ended(7, SessionEnd.ExpiredByThis);
            ends.Ended(8, SessionEnd.ExpiredByThis);
        });
        Assert.Equal(
            [
                "audit: session=0x7 user=jane ip=unknown operation=expireSession result=success",
                "audit: session=0x8 user= ip=unknown operation=expireSession result=success",
            ],
            lines.Spaced);
    }

    [Fact]
    public void A_session_that_went_elsewhere_is_the_other_nodes()
    {
        Play(ends =>
        {
            ends.ConnectionGone(Session(7, "jane"));
            ends.Attached(7);
            ends.Ended(7, SessionEnd.Expired);
            ends.ConnectionGone(Session(8, "joe"));
            ends.Clear();
            ends.Ended(8, SessionEnd.Expired);
            Assert.Equal(0, ends.Count);
        });
        Assert.Empty(lines.Spaced);
    }

    /// <summary>Its connection is gone by the time that its request to close it is applied.</summary>
    [Fact]
    public void A_client_that_does_not_wait_for_its_session_to_close_did_close_it()
    {
        using (var audit = new AuditLog(NodeLimits.Default, lines))
        {
            var replica = new LoneReplica(processStart: 1, audit: audit);
            var jane = new ReplicaClient(replica);
            jane.Ask(ReplicaClient.Auth(1, "jane:p4ssw0rd"));
            jane.SendAndDisconnect(ReplicaClient.CloseSession(2));
            while (replica.Tree.SessionCount > 0)
                replica.TakeAll();
        }

        Assert.Equal(
            ["user=jane ip=unknown operation=closeSession result=success"],
            lines.Spaced.Skip(1).Select(line => line[line.IndexOf("user=", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void A_session_that_runs_out_is_told_as_that_also_while_its_connection_is_there()
    {
        using (var audit = new AuditLog(NodeLimits.Default, lines))
        {
            var replica = new LoneReplica(processStart: 1, audit: audit);
            var silent = new ReplicaClient(replica);
            while (replica.Tree.SessionCount > 0)
                replica.TakeAll();
            Assert.True(silent.IsClosed);
        }

        Assert.EndsWith(" operation=expireSession result=success", lines.Spaced[^1], StringComparison.Ordinal);
    }

    private static ClientSession Session(long id, string user) => new(new NoTransport())
    {
        Id = id,
        Identities = SessionIdentities.With([], SessionIdentities.Digest, user),
    };

    private void Play(Action<SessionEndAudit> scene)
    {
        using var audit = new AuditLog(NodeLimits.Default, lines);
        scene(new SessionEndAudit(audit));
    }
}
