using System.Diagnostics;
using Coord.Node.Hosting;
using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

/// <summary>Who has the replica's turn: the loop's own thread, or one that brings work while that sleeps.</summary>
public sealed class ReplicaQueueTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(1);

    private readonly ReplicaQueue queue = new();

    [Fact]
    public void Who_brings_work_to_a_sleeping_loop_takes_the_turn()
    {
        var turns = new List<int>();
        queue.LetBringersTurn(Note(turns, _ => false), inRowMax: 3);
        using var loop = new Loop(queue, Ever);

        // Until it sleeps, the loop takes what is left by itself.
        while (turns.Count == 0)
            Bring(new Numbered(0, 0));

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
        while (turns.Count == 0)
            Bring(new Numbered(0, 0));

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
        while (turns.Count == 0)
            Bring(new Numbered(0, 0));

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
        queue.LetBringersTurn(_ => Stopwatch.GetElapsedTime(begun) < Ever, inRowMax: int.MaxValue);
        using var loop = new Loop(queue, TimeSpan.FromMilliseconds(5));

        for (var round = 0; round < 20; round++)
        {
            var before = loop.Turns;
            Bring(new Numbered(0, round));
            Assert.True(loop.TurnsBeyond(before), "the loop had no turn");
        }

        Assert.True(Stopwatch.GetElapsedTime(begun) < Ever, "a bringer went on for as long as it could");
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
    /// A lost wake-up would leave inputs lying, two turns at once would break the replica: its state has no locks.
    /// </summary>
    [Fact]
    public void Many_threads_bring_and_post_and_turns_come_one_at_a_time_with_all_of_it_in_order()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var next = new int[Threads + 1];
        var (inside, together, outOfOrder, byBringers) = (0, 0, 0, 0);
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
            return inputs.Count % 7 == 3; // Now and then the loop has to go on.
        }

        queue.LetBringersTurn(
            inputs =>
            {
                byBringers++;
                return Turn(inputs);
            },
            inRowMax: 3);
        using (var loop = new Loop(queue, Ever, inputs => Turn(inputs)))
        {
            var bringing = Enumerable.Range(0, Threads).Select(thread => NodeThread.Start("bringer", () =>
            {
                for (var number = 0; number < Each; number++)
                {
                    if (number % 50 == thread)
                        queue.Post(new Numbered(thread, number));
                    else
                        Bring(new Numbered(thread, number));
                }
            })).ToArray();
            foreach (var thread in bringing)
                thread.Join();
            Assert.True(
                SpinWait.SpinUntil(() => next.Take(Threads).All(count => count == Each), Ever),
                $"an input was not taken: {string.Join(", ", next)}");

            // On few cores the loop may have been awake all the while.
            for (var number = 0; Volatile.Read(ref byBringers) == 0; number++)
                Bring(new Numbered(Threads, number));
        }

        Assert.Equal((0, 0), (together, outOfOrder));
    }

    private static Func<IReadOnlyList<ReplicaInput>, bool> Note(
        List<int> threads, Func<IReadOnlyList<ReplicaInput>, bool> hasWork) => inputs =>
    {
        threads.Add(Environment.CurrentManagedThreadId);
        return hasWork(inputs);
    };

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

        public bool TurnsBeyond(int before) => SpinWait.SpinUntil(() => Turns > before, Ever);

        public bool Has(int count) => SpinWait.SpinUntil(() => Volatile.Read(ref inputs) == count, Ever);

        public void Dispose()
        {
            isStopping = true;
            queue.Post(new Ending());
            thread.Join();
        }
    }
}
