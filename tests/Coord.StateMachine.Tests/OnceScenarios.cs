using Coord.Protocol;
using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Writes that their session numbers take effect once, however often they are sent (raft-design I10).
/// </summary>
public class OnceScenarios
{
    private readonly TreeDriver _driver = new();
    private TestSession _session;

    public OnceScenarios() => _session = _driver.Connect();

    [Fact]
    public void A_sequential_create_sent_again_answers_with_the_znode_that_it_made()
    {
        var create = new Once(1, new Create("/n-", "", Flags: 2, OpCode.Create2));
        var first = _driver.Do(_session, create);
        var second = _driver.Do(_session, create);
        Assert.Equal(first.Answer, second.Answer);
        Assert.Equal("/n-0000000000", second.CreatedPath());
        Assert.Equal(["n-0000000000", "zookeeper"], _driver.Children("/"));
        Assert.Empty(second.Changes);
    }

    // The reply was lost with the connection, and the client goes on at another node.
    [Fact]
    public void Results_follow_the_session_to_its_next_connection()
    {
        _driver.Do(_session, new Create("/n", "0"));
        var set = new Once(1, new Set("/n", "1", Version: 0));
        var first = _driver.Do(_session, set);
        _driver.Reattach(ref _session);
        Assert.Equal(first.Answer, _driver.Do(_session, set).Answer);
        Assert.Equal(1, _driver.Stat("/n").Version);
    }

    [Fact]
    public void A_refusal_stays_a_refusal_though_the_write_would_succeed_by_now()
    {
        var create = new Once(1, new Create("/parent/child"));
        Assert.Equal(ErrorCode.NoNode, _driver.Run(_session, create).Error);
        _driver.Do(_session, new Once(2, new Create("/parent")));
        Assert.Equal(ErrorCode.NoNode, _driver.Run(_session, create).Error);
        Assert.False(_driver.Exists("/parent/child"));
    }

    [Fact]
    public void A_multi_is_remembered_with_all_its_results()
    {
        var multi = new Once(1, new Multi(new Create("/a"), new Create("/a/s-", "", Flags: 2), new Set("/a", "x")));
        var first = _driver.Do(_session, multi);
        Assert.Equal(first.Answer, _driver.Do(_session, multi).Answer);
        var aborted = new Once(2, new Multi(new Create("/b"), new Delete("/none")));
        Assert.Equal(_driver.Do(_session, aborted).Answer, _driver.Do(_session, aborted).Answer);
    }

    [Fact]
    public void An_acknowledged_result_is_forgotten_and_its_number_refused()
    {
        _driver.Do(_session, new Once(1, new Create("/a")));
        _driver.Do(_session, new Once(2, new Create("/b"), Acknowledged: 1));
        Assert.Equal(ErrorCode.BadArguments, _driver.Run(_session, new Once(1, new Create("/c"))).Error);
        Assert.Equal(ErrorCode.Ok, _driver.Run(_session, new Once(2, new Create("/b"))).Error);
        Assert.False(_driver.Exists("/c"));
    }

    // A client that never acknowledges must not make the session grow.
    [Fact]
    public void The_oldest_results_go_when_there_are_many_or_they_are_large()
    {
        _driver.Do(_session, new Create("/n"));
        for (var i = 1; i <= RememberedResults.CountMax + 1; i++)
            _driver.Do(_session, new Once(i, new Set("/n", "")));
        Assert.Equal(ErrorCode.BadArguments, _driver.Run(_session, new Once(1, new Set("/n", ""))).Error);
        Assert.Equal(ErrorCode.Ok, _driver.Run(_session, new Once(2, new Set("/n", ""))).Error);

        ZnodeRequest[] sets = [.. Enumerable.Repeat(new Set("/n", ""), 500)];
        _driver.Do(_session, new Once(100, new Multi(sets)));
        Assert.Equal(ErrorCode.Ok, _driver.Run(_session, new Once(100, new Multi(sets))).Error);
        _driver.Do(_session, new Once(101, new Multi(sets)));
        Assert.Equal(ErrorCode.BadArguments, _driver.Run(_session, new Once(100, new Multi(sets))).Error);
    }

    [Fact]
    public void Each_session_has_numbers_of_its_own_and_they_end_with_it()
    {
        var other = _driver.Connect();
        var create = new Once(1, new Create("/s-", "", Flags: 2));
        Assert.NotEqual(_driver.Do(_session, create).CreatedPath(), _driver.Do(other, create).CreatedPath());
        _driver.Expire(_session);
        Assert.Equal(ApplyOutcome.NoSession, _driver.Run(_session, create).Outcome);
    }

    [Fact]
    public void What_is_no_numbered_write_is_refused_and_remembers_nothing()
    {
        var before = _driver.Tree.SessionTable.ContentHash();
        foreach (var (number, acknowledged) in new[] { (0, 0), (2, 2), (1, -1) })
        {
            var wrong = new Once(number, new Create("/a"), acknowledged);
            Assert.Equal(ErrorCode.MarshallingError, _driver.Run(_session, wrong).Error);
        }

        Assert.Equal(before, _driver.Tree.SessionTable.ContentHash());

        var nested = new Once(1, new Once(1, new Create("/a")));
        Assert.Equal(ErrorCode.Unimplemented, _driver.Run(_session, nested).Error);
        Assert.False(_driver.Exists("/a"));
    }

    [Fact]
    public void A_snapshot_carries_what_is_remembered()
    {
        var create = new Once(7, new Create("/s-", "", Flags: 2));
        var first = _driver.Do(_session, create);
        Assert.Equal(ErrorCode.NoNode, _driver.Run(_session, new Once(8, new Delete("/none"))).Error);
        var loaded = new TreeDriver(Snapshots.Load(Snapshots.Of(_driver.Tree)))
        {
            NextSequence = _driver.NextSequence,
        };
        Assert.Equal(_driver.Tree.SessionTable.ContentHash(), loaded.Tree.SessionTable.ContentHash());
        Assert.Equal(first.Answer, loaded.Do(_session, create).Answer);
        Assert.Equal(ErrorCode.BadArguments, loaded.Run(_session, new Once(6, new Create("/y"))).Error);
    }

    // Writes sent once, twice or again later give the tree that the same writes give when each is sent once.
    [Fact]
    public void Repeats_change_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), repeats =>
        {
            var (plain, repeated) = (new TreeDriver(), new TreeDriver());
            var (one, other) = (plain.Connect(), repeated.Connect());
            for (var number = 1; number <= repeats.Length; number++)
            {
                var expected = plain.Do(one, Ticket(number)).CreatedPath();
                Assert.Equal(expected, repeated.Do(other, Ticket(number)).CreatedPath());
                var again = Math.Max(1, number - (repeats[number - 1] % 8));
                for (var i = 0; i < repeats[number - 1] % 3; i++)
                    repeated.Do(other, Ticket(again));
            }

            Assert.Equal(plain.Children("/"), repeated.Children("/"));
            Assert.Equal(plain.Stat("/").Cversion, repeated.Stat("/").Cversion);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static Once Ticket(long number) => new(number, new Create("/s-", "", Flags: 2));
}
