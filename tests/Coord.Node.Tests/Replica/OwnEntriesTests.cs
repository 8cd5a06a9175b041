using Coord.Node.Replica;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Node.Tests.Replica;

public class OwnEntriesTests
{
    [Fact]
    public void Entries_are_numbered_from_one_and_leave_in_order()
    {
        var own = new OwnEntries(windowEntries: 10, windowBytes: 1000);
        Assert.Equal(1, own.Add(new byte[] { 1 }, null));
        Assert.Equal(2, own.Add(new byte[] { 2 }, null));

        Assert.Equal([1, 2], FirstBytes(Take(own, here: false)));
        Assert.False(own.HasUnsent);
    }

    [Fact]
    public void The_window_bounds_what_is_under_way_and_opens_as_entries_are_applied()
    {
        var own = new OwnEntries(windowEntries: 2, windowBytes: 1000);
        for (byte number = 1; number <= 3; number++)
            own.Add(new[] { number }, null);

        Assert.Equal([1, 2], FirstBytes(Take(own, here: false)));
        Assert.False(own.HasRoomToSend);

        Assert.True(own.TryTakeApplied(1, out _));
        Assert.Equal([3], FirstBytes(Take(own, here: false)));
    }

    [Fact]
    public void After_a_loss_everything_unapplied_is_sent_again_from_the_oldest_on()
    {
        // raft-design I9: sending only what came later would leave a gap that apply never accepts.
        var own = new OwnEntries(windowEntries: 10, windowBytes: 1000);
        for (byte number = 1; number <= 3; number++)
            own.Add(new[] { number }, null);
        Take(own, here: false);
        own.TryTakeApplied(1, out _);

        own.SendAgain();

        Assert.Equal([2, 3], FirstBytes(Take(own, here: false)));
    }

    [Fact]
    public void An_entry_proposed_here_twice_is_another_copy_the_second_time()
    {
        // The leader writes its time into an entry when it proposes it. The first proposal may still stand in the
        // log with the older time: one array for both would make this node's log differ from its followers'.
        var own = new OwnEntries(windowEntries: 10, windowBytes: 1000);
        own.Add(new byte[] { 1 }, null);
        var first = Take(own, here: true)[0];
        own.SendAgain();

        var second = Take(own, here: true)[0];

        Assert.True(first.Span.SequenceEqual(second.Span));
        Assert.False(first.Span == second.Span);
    }

    [Fact]
    public void Only_the_oldest_entry_can_be_applied()
    {
        var own = new OwnEntries(windowEntries: 10, windowBytes: 1000);
        own.Add(new byte[] { 1 }, null);
        own.Add(new byte[] { 2 }, null);

        Assert.False(own.TryTakeApplied(2, out _));
        Assert.True(own.TryTakeApplied(1, out _));
    }

    [Fact]
    public void Any_history_of_sends_losses_and_applies_delivers_each_entry_in_order()
    {
        // Each step: 0 adds, 1 sends, 2 loses all that is under way, 3 applies what the leader got next.
        var steps = Gen.Choose(0, 3).ArrayOf().ToArbitrary();
        Prop.ForAll(steps, history =>
        {
            var own = new OwnEntries(windowEntries: 3, windowBytes: 1000);
            var arrived = new Queue<byte>();
            long applied = 0;
            foreach (var step in history)
            {
                if (step == 0)
                    own.Add(new[] { (byte)own.NextSequence }, null);
                else if (step == 1)
                    FirstBytes(Take(own, here: false)).ForEach(arrived.Enqueue);
                else if (step == 2)
                {
                    arrived.Clear();
                    own.SendAgain();
                }
                else if (arrived.TryDequeue(out var next) && next == applied + 1)
                    applied += own.TryTakeApplied(next, out _) ? 1 : throw new InvalidOperationException("not taken");
            }

            return own.NextSequence - own.Count == applied + 1;
        }).QuickCheckThrowOnFailure();
    }

    private static List<ReadOnlyMemory<byte>> Take(OwnEntries own, bool here)
    {
        var batch = new List<ReadOnlyMemory<byte>>();
        own.TakeUnsent(batch, here);
        return batch;
    }

    private static List<byte> FirstBytes(List<ReadOnlyMemory<byte>> batch) => [.. batch.Select(entry => entry.Span[0])];
}
