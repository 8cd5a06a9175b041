using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Tests.Replica;

namespace Coord.Node.Tests.Audit;

/// <summary>Who is told of a session whose time ran out, connected or not.</summary>
public sealed class ExpiryAuditTests
{
    private readonly ListLogger lines = new();

    [Fact]
    public void The_node_it_was_connected_to_last_says_who_it_was()
    {
        Play(expiries =>
        {
            expiries.ConnectionGone(Session(7, "jane"));
            expiries.Ended(7, isEndedByThis: false);
        });
        Assert.Equal(["audit: session=0x7 user=jane ip=unknown operation=expireSession result=success"], lines.Spaced);
    }

    /// <summary>A node that was killed remembers nobody: its sessions run out without it.</summary>
    [Fact]
    public void The_leader_tells_of_each_session_that_it_ended_once()
    {
        Play(expiries =>
        {
            expiries.ConnectionGone(Session(7, "jane"));
            expiries.Ended(7, isEndedByThis: true);
            expiries.Ended(8, isEndedByThis: true);
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
        Play(expiries =>
        {
            expiries.ConnectionGone(Session(7, "jane"));
            expiries.Attached(7);
            expiries.Ended(7, isEndedByThis: false);
            expiries.ConnectionGone(Session(8, "joe"));
            expiries.Clear();
            expiries.Ended(8, isEndedByThis: false);
            Assert.Equal(0, expiries.Count);
        });
        Assert.Empty(lines.Spaced);
    }

    private static ClientSession Session(long id, string user) => new(new NoTransport())
    {
        Id = id,
        Identities = SessionIdentities.With([], SessionIdentities.Digest, user),
    };

    private void Play(Action<ExpiryAudit> scene)
    {
        using var audit = new AuditLog(NodeLimits.Default, lines);
        scene(new ExpiryAudit(audit));
    }
}
