using System.Diagnostics;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Hosting;

/// <summary>What threads rely on when they wake each other.</summary>
public sealed class ThreadSignalTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_signal_that_came_before_the_wait_ends_it_once()
    {
        var signal = new ThreadSignal();
        signal.Set();
        signal.Set();

        Assert.True(signal.Wait(Ever));
        Assert.False(signal.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void A_wait_that_nobody_ends_lasts_its_time()
    {
        var signal = new ThreadSignal();
        var begun = Stopwatch.GetTimestamp();

        Assert.False(signal.Wait(TimeSpan.FromMilliseconds(20)));
        Assert.True(Stopwatch.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(19));
    }

    [Fact]
    public void After_a_wait_in_vain_the_next_signal_still_counts()
    {
        var signal = new ThreadSignal();
        Assert.False(signal.Wait(TimeSpan.FromMilliseconds(1)));

        signal.Set();

        Assert.True(signal.Wait(Ever));
    }

    /// <summary>Each side sleeps until the other wakes it: one lost signal would stop both.</summary>
    [Fact]
    public void Two_threads_hand_over_to_each_other_without_losing_a_turn()
    {
        const int Turns = 20_000;
        var (there, back) = (new ThreadSignal(), new ThreadSignal());
        var answered = 0;
        var other = NodeThread.Start("the other", () =>
        {
            while (answered < Turns && there.Wait(Ever))
            {
                answered++;
                back.Set();
            }
        });

        for (var turn = 0; turn < Turns; turn++)
        {
            there.Set();
            Assert.True(back.Wait(Ever), $"turn {turn} was lost");
        }

        other.Join();
        Assert.Equal(Turns, answered);
    }

    /// <summary>Many wake one: none of what they leave may lie there while it sleeps.</summary>
    [Fact]
    public void What_many_threads_leave_is_seen_by_the_one_that_waits()
    {
        const int Writers = 4, Each = 20_000;
        var signal = new ThreadSignal();
        var left = 0;
        var writers = Enumerable.Range(0, Writers).Select(_ => NodeThread.Start("writer", () =>
        {
            for (var round = 0; round < Each; round++)
            {
                Interlocked.Increment(ref left);
                signal.Set();
            }
        })).ToArray();

        var seen = 0;
        while (seen < Writers * Each)
        {
            Assert.True(signal.Wait(Ever), $"asleep with {Volatile.Read(ref left) - seen} left");
            seen = Volatile.Read(ref left);
        }

        foreach (var writer in writers)
            writer.Join();
    }
}
