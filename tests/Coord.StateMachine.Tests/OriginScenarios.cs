using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>A request that a node sends again is applied once (raft-design I9).</summary>
public class OriginScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public OriginScenarios() => _session = _driver.Connect();

    [Fact]
    public void A_repeat_uses_up_an_index_and_changes_nothing()
    {
        byte[] entry = _driver.Entry(_session, new Create("/n-", "", Flags: 2));
        Assert.Equal(ApplyOutcome.Applied, _driver.Apply(entry).Outcome);
        ulong znodes = ContentHashing.OfZnodes(_driver.Tree.Store);
        var repeat = _driver.Apply(entry);
        Assert.Equal((ApplyOutcome.Repeat, 3L), (repeat.Outcome, repeat.Zxid));
        Assert.Empty(repeat.Changes);
        Assert.Equal((znodes, 3L), (ContentHashing.OfZnodes(_driver.Tree.Store), _driver.Tree.AppliedIndex));
    }

    // Danger: remembering only the highest sequence would drop a request that was lost once and overtaken.
    [Fact]
    public void A_gap_is_shown_and_the_lost_request_still_applies()
    {
        byte[] lost = _driver.Entry(_session, new Create("/lost"));
        byte[] early = _driver.Entry(_session, new Create("/early"));
        Assert.Equal(ApplyOutcome.Gap, _driver.Apply(early).Outcome);
        Assert.Equal(ApplyOutcome.Applied, _driver.Apply(lost).Outcome);
        Assert.Equal(ApplyOutcome.Applied, _driver.Apply(early).Outcome);
        Assert.Equal(["early", "lost", "zookeeper"], _driver.Children("/"));
    }

    [Fact]
    public void A_failed_request_is_not_run_again_either()
    {
        byte[] failing = _driver.Entry(_session, new Delete("/a"));
        Assert.Equal(ErrorCode.NoNode, _driver.Apply(failing).Error);
        _driver.Do(_session, new Create("/a"));
        Assert.Equal(ApplyOutcome.Repeat, _driver.Apply(failing).Outcome);
        Assert.True(_driver.Exists("/a"));
    }

    [Fact]
    public void A_restarted_process_begins_at_one_and_makes_the_old_ones_entries_repeats()
    {
        Assert.Equal(ApplyOutcome.Gap, From(node: 1, start: 2, sequence: 2));
        Assert.Equal(ApplyOutcome.Applied, From(node: 1, start: 2, sequence: 1));
        Assert.Equal(ApplyOutcome.Applied, From(node: 1, start: 2, sequence: 2));
        Assert.Equal(ApplyOutcome.Repeat, From(node: 1, start: 1, sequence: 2));
        Assert.Equal(ApplyOutcome.Applied, From(node: 1, start: 2, sequence: 3));
        Assert.Equal(ApplyOutcome.Applied, From(node: 2, start: 1, sequence: 1));
    }

    [Fact]
    public void A_refused_request_advances_its_origin()
    {
        byte[] moved = _driver.Entry(_session with { Attachment = 99 }, new Create("/a"));
        Assert.Equal(ApplyOutcome.Moved, _driver.Apply(moved).Outcome);
        Assert.Equal(ApplyOutcome.Repeat, _driver.Apply(moved).Outcome);
        _driver.Do(_session, new Create("/b"));
    }

    [Fact]
    public void An_index_out_of_order_is_a_broken_invariant()
    {
        Assert.Throws<StateCorruptException>(() => _driver.Tree.Apply(1, []));
        Assert.Throws<StateCorruptException>(() => _driver.Tree.ApplyEmpty(1));
        _driver.Tree.ApplyEmpty(2);
        Assert.Equal(2, _driver.Tree.AppliedIndex);
    }

    private ApplyOutcome From(int node, long start, long sequence) =>
        _driver.Apply(EntryCodec.SessionEnd(_driver.Header(EntryCommand.None, _session) with
        {
            OriginNode = node, OriginStart = start, OriginSequence = sequence,
        })).Outcome;
}
