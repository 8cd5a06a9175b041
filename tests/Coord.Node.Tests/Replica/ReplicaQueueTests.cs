using System.Diagnostics;
using Coord.Node.Hosting;
using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

/// <summary>Who has the replica's turn: the loop's own thread, or one that brings work while that sleeps.</summary>
public sealed class ReplicaQueueTests
{
    // A loop that nobody wakes would wake too late for every test.
    private static readonly TimeSpan Ever = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ReplicaQueue queue = new();

    [Fact]
    public void Who_brings_work_to_a_sleeping_loop_takes_the_turn()
    {
        var turns = new List<int>();
        queue.LetBringersTurn(Note(turns, _ => false), inRowMax: 3);
        using var loop = new Loop(queue, Ever);

        BringUntil(() => turns.Count > 0);

        Assert.Equal([Environment.CurrentManagedThreadId], turns);
    }

    [Fact]
    public void What_a_bringer_cannot_finish_in_its_turns_is_the_loops_to_finish()
    {
        var turns = new List<int>();
        using var loop = new Loop(queue, Ever);
        var asleepAt = 0;
        queue.LetBringersTurn(
            Note(turns, _ =>
            {
                asleepAt = loop.Turns;
                return true;
            }),
            inRowMax: 3);
        BringUntil(() => turns.Count > 0);

        Assert.Equal(3, turns.Count);
        Assert.True(loop.TurnsBeyond(asleepAt), "the loop was not woken");
    }

    [Fact]
    public void What_comes_during_a_bringers_last_turn_is_the_loops()
    {
        var turns = new List<int>();
        using var loop = new Loop(queue, Ever);
        var asleepAt = 0;
        queue.LetBringersTurn(
            Note(turns, _ =>
            {
                asleepAt = loop.Turns;
                queue.Post(new Numbered(0, 1));
                return false;
            }),
            inRowMax: 1);
        BringUntil(() => turns.Count > 0);

        Assert.True(loop.TurnsBeyond(asleepAt), "the loop was not woken");
    }

    [Fact]
    public void Without_turns_for_others_the_loop_takes_all()
    {
        var turns = new List<int>();
        queue.LetBringersTurn(Note(turns, _ => false), inRowMax: 0);
        using var loop = new Loop(queue, Ever);

        for (var number = 0; number < 1000; number++)
            Bring(new Numbered(0, number));

        Assert.True(loop.Has(1000), "an input was not taken");
        Assert.Empty(turns);
    }

    [Fact]
    public void While_much_is_under_way_the_loop_takes_all()
    {
        var turns = new List<int>();
        queue.LetBringersTurn(Note(turns, _ => false), inRowMax: 3);
        using var loop = new Loop(queue, Ever, _ => queue.ShareTurns(false));
        queue.Post(new Numbered(0, 0));
        Assert.True(loop.Has(1), "an input was not taken");

        for (var number = 1; number < 1000; number++)
            Bring(new Numbered(0, number));

        Assert.True(loop.Has(1000), "an input was not taken");
        Assert.Empty(turns);
    }

    /// <summary>Whoever brings work without end keeps no tick waiting.</summary>
    [Fact]
    public void A_bringer_lets_a_loop_go_first_whose_time_has_come()
    {
        var begun = Stopwatch.GetTimestamp();
        queue.LetBringersTurn(_ => Stopwatch.GetElapsedTime(begun) < Patience, inRowMax: int.MaxValue);
        using var loop = new Loop(queue, TimeSpan.FromMilliseconds(5));

        for (var round = 0; round < 20; round++)
        {
            var before = loop.Turns;
            Bring(new Numbered(0, round));
            Assert.True(loop.TurnsBeyond(before), "the loop had no turn");
        }

        Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "a bringer went on for as long as it could");
    }

    [Fact]
    public void When_the_loop_has_ended_nobody_has_a_turn()
    {
        var turns = new List<int>();
        queue.LetBringersTurn(Note(turns, _ => false), inRowMax: 3);
        queue.Take(TimeSpan.Zero); // Its last: it does not come back.

        Bring(new Numbered(0, 0));
        queue.Post(new Numbered(0, 1));

        Assert.Empty(turns);
    }

    /// <summary>
    /// A lost wake-up would leave inputs lying, two turns at once would break the replica: its state has no locks. Each
    /// round ends in silence, so that nobody comes by and takes what another left.
    /// </summary>
    [Fact]
    public void Many_threads_bring_and_post_and_turns_come_one_at_a_time_with_all_of_it_in_order()
    {
        const int Threads = 4;
        const int Rounds = 2_000;
        var next = new int[Threads];
        var (inside, together, outOfOrder, left) = (0, 0, 0, 0);
        bool Turn(IReadOnlyList<ReplicaInput> inputs)
        {
            if (Interlocked.Increment(ref inside) != 1)
                together++;
            foreach (var input in inputs.OfType<Numbered>())
            {
                if (input.Number != next[input.Thread]++)
                    outOfOrder++;
            }

            Interlocked.Decrement(ref inside);
            Volatile.Write(ref left, left - inputs.OfType<Numbered>().Count());
            return inputs.Count % 3 == 2; // Now and then the loop has to go on.
        }

        queue.LetBringersTurn(Turn, inRowMax: 3);
        using (var loop = new Loop(queue, Ever, inputs => Turn(inputs)))
        {
            using var barrier = new Barrier(Threads, _ => left = Threads * 3);
            var bringing = Enumerable.Range(0, Threads).Select(thread => NodeThread.Start("bringer", () =>
            {
                for (var number = 0; number < Rounds * 3; number += 3)
                {
                    // Nobody begins a round before everything of the last was taken.
                    if (!SpinWait.SpinUntil(() => Volatile.Read(ref left) == 0, Patience)
                        || !barrier.SignalAndWait(2 * Patience))
                        return;
                    Bring(new Numbered(thread, number));
                    queue.Post(new Numbered(thread, number + 1));
                    Bring(new Numbered(thread, number + 2));
                }
            })).ToArray();
            foreach (var thread in bringing)
                thread.Join();
            Assert.True(
                SpinWait.SpinUntil(() => Volatile.Read(ref left) == 0, Patience),
                $"an input was not taken: {string.Join(", ", next)}");
        }

        Assert.Equal((0, 0), (together, outOfOrder));
        Assert.All(next, taken => Assert.Equal(Rounds * 3, taken));
    }

    private static Func<IReadOnlyList<ReplicaInput>, bool> Note(
        List<int> threads, Func<IReadOnlyList<ReplicaInput>, bool> hasWork) => inputs =>
    {
        threads.Add(Environment.CurrentManagedThreadId);
        return hasWork(inputs);
    };

    // Until it sleeps, the loop takes what is left by itself.
    private void BringUntil(Func<bool> isDone)
    {
        bool BringOne()
        {
            Bring(new Numbered(0, 0));
            return isDone();
        }

        Assert.True(SpinWait.SpinUntil(BringOne, Patience), "the thread that brings never had a turn");
    }

    private void Bring(ReplicaInput input)
    {
        queue.Leave(input);
        queue.TakeTurn();
    }

    private sealed record Numbered(int Thread, int Number) : ReplicaInput;

    private sealed record Ending : ReplicaInput;

    /// <summary>The loop's own thread, as <see cref="ReplicaThread"/> has it, around turns that only count.</summary>
    private sealed class Loop : IDisposable
    {
        private readonly ReplicaQueue queue;
        private readonly Thread thread;
        private int turns;
        private int inputs;
        private volatile bool isStopping;

        public Loop(ReplicaQueue queue, TimeSpan wait, Action<IReadOnlyList<ReplicaInput>>? turn = null)
        {
            this.queue = queue;
            thread = NodeThread.Start("replica", () =>
            {
                while (!isStopping)
                {
                    var taken = queue.Take(wait);
                    turn?.Invoke(taken);
                    Volatile.Write(ref inputs, inputs + taken.Count);
                    Volatile.Write(ref turns, turns + 1);
                }
            });
        }

        public int Turns => Volatile.Read(ref turns);

        public bool TurnsBeyond(int before) => SpinWait.SpinUntil(() => Turns > before, Patience);

        public bool Has(int count) => SpinWait.SpinUntil(() => Volatile.Read(ref inputs) == count, Patience);

        public void Dispose()
        {
            isStopping = true;
            queue.Post(new Ending());
            thread.Join();
        }
    }
}
