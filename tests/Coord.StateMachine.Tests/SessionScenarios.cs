using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Sessions are part of the replicated state (zookeeper-protocol 7; design.md section 10).</summary>
public class SessionScenarios
{
    private readonly TreeDriver _driver = new();

    [Fact]
    public void A_sessions_id_is_the_zxid_of_its_creation_and_so_is_its_first_attachment()
    {
        _driver.Connect();
        var session = _driver.Connect(timeoutMs: 4_000);
        Assert.Equal((2L, 2L), (session.Id, session.Attachment));
        Assert.True(_driver.Tree.TryGetSession(2, out var view));
        Assert.Equal(new SessionView(2, 4_000, 2, 0), view);
        Assert.Equal(2, _driver.Tree.SessionCount);
        Assert.Equal([1, 2], _driver.Tree.Sessions.Select(s => s.Id).Order());
    }

    [Fact]
    public void A_reattach_moves_the_session_and_changes_its_timeout()
    {
        var session = _driver.Connect();
        var older = session;
        Assert.Equal(SessionEffect.Reattached, _driver.Reattach(ref session, timeoutMs: 7_000).Effect);
        Assert.True(_driver.Tree.TryGetSession(session.Id, out var view));
        Assert.Equal(new SessionView(1, 7_000, 2, 0), view);

        // The old connection's requests, its close too, are refused (ZooKeeper's "session moved").
        Assert.Equal(ApplyOutcome.Moved, _driver.Run(older, new Create("/a")).Outcome);
        Assert.Equal(ApplyOutcome.Moved, _driver.Close(older).Outcome);
        Assert.False(_driver.Exists("/a"));
        _driver.Do(session, new Create("/a"));
    }

    // Another server answered a re-attach of an unknown session with a new one (zookeeper-protocol 12.4).
    [Fact]
    public void A_reattach_of_an_unknown_session_or_with_another_password_is_refused_and_changes_nothing()
    {
        var session = _driver.Connect();
        ulong sessions = _driver.Tree.SessionTable.ContentHash();
        var reply = _driver.Reattach(ref session, timeoutMs: 1, password: 9);
        Assert.Equal((SessionEffect.ReattachRefused, 1L), (reply.Effect, reply.SessionId));
        var unknown = new TestSession(77, 77, session.PasswordHash);
        Assert.Equal(SessionEffect.ReattachRefused, _driver.Reattach(ref unknown).Effect);
        Assert.Equal(sessions, _driver.Tree.SessionTable.ContentHash());
        _driver.Do(session, new Create("/still-alive"));
    }

    [Fact]
    public void Closing_deletes_the_sessions_ephemerals_and_no_others_in_one_transaction()
    {
        var (leaver, stayer) = (_driver.Connect(), _driver.Connect());
        _driver.Do(leaver, new Create("/persistent"));
        _driver.Do(leaver, new Create("/persistent/b", "", Flags: 1));
        _driver.Do(leaver, new Create("/persistent/a-", "", Flags: 3));
        _driver.Do(stayer, new Create("/persistent/c", "", Flags: 1));

        var reply = _driver.Close(leaver);
        Assert.Equal((ErrorCode.Ok, SessionEffect.Ended), (reply.Error, reply.Effect));
        Assert.Empty(reply.Body);
        Assert.Equal(
            ["NodeDeleted /persistent/a-0000000001", "NodeChildrenChanged /persistent",
                "NodeDeleted /persistent/b", "NodeChildrenChanged /persistent"], reply.Changes);
        Assert.Equal(["c"], _driver.Children("/persistent"));
        Assert.Equal(reply.Zxid, _driver.Stat("/persistent").Pzxid);
    }

    // ZooKeeper's worst bugs were ephemerals of ended sessions (zookeeper-protocol 7.3).
    [Fact]
    public void Nothing_of_an_ended_session_applies_any_more()
    {
        var session = _driver.Connect();
        Assert.Equal(SessionEffect.Ended, _driver.Expire(session).Effect);
        var late = _driver.Run(session, new Create("/late", "", Flags: 1));
        Assert.Equal((ApplyOutcome.NoSession, ErrorCode.SessionExpired), (late.Outcome, late.Error));
        Assert.Equal(ApplyOutcome.NoSession, _driver.Close(session).Outcome);
        Assert.Equal(ApplyOutcome.NoSession, _driver.Expire(session).Outcome);
        Assert.Equal(SessionEffect.ReattachRefused, _driver.Reattach(ref session).Effect);
        Assert.False(_driver.Exists("/late"));
        Assert.Equal((0, 0), (_driver.Tree.SessionCount, _driver.Tree.EphemeralCount));
    }

    // ZOOKEEPER-4306: a mass of ephemerals made the entry that ends their session too large.
    [Fact]
    public void A_session_with_very_many_ephemerals_ends_by_one_small_entry()
    {
        var session = _driver.Connect();
        _driver.Do(session, new Create("/e"));
        for (int i = 0; i < 20_000; i++)
            _driver.Do(session, new Create("/e/n-", "", Flags: 3));
        var reply = _driver.Expire(session);
        Assert.Equal(40_000, reply.Changes.Count);
        Assert.Equal(EntryHeader.Length, _driver.Log[^1].Entry.Length);
        Assert.Equal((0, 40_000), (_driver.Stat("/e").NumChildren, _driver.Stat("/e").Cversion));
    }

    [Fact]
    public void A_deleted_ephemeral_is_not_deleted_again_with_its_session()
    {
        var session = _driver.Connect();
        _driver.Do(session, new Create("/a", "", Flags: 1));
        _driver.Do(session, new Create("/b", "", Flags: 1));
        _driver.Do(session, new Delete("/a"));
        _driver.Do(session, new Create("/a"));
        _driver.Close(session);
        Assert.True(_driver.Exists("/a"));
        Assert.False(_driver.Exists("/b"));
    }

    [Fact]
    public void A_session_entry_with_a_cut_body_is_malformed_and_advances_its_origin()
    {
        byte[] entry = EntryCodec.SessionEnd(_driver.Header(EntryCommand.CreateSession, new TestSession(0, 0, [])));
        Assert.Equal(ErrorCode.MarshallingError, _driver.Apply(entry).Error);
        Assert.Equal(ApplyOutcome.Repeat, _driver.Apply(entry).Outcome);
        Assert.Equal(0, _driver.Tree.SessionCount);
    }
}
