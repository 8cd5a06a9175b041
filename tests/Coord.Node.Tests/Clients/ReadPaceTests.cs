using System.Diagnostics;
using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>How long one connection may keep the thread that hears of all of them.</summary>
public sealed class ReadPaceTests
{
    private static readonly long Micro = Stopwatch.Frequency / 1_000_000;

    [Fact]
    public void Whose_turns_fill_its_thread_moves_on()
    {
        var pace = new ReadPace(0);
        pace.HadTurns(0, 200 * Micro);
        Assert.False(pace.IsOver);

        pace.HadTurns(210 * Micro, 270 * Micro);

        Assert.True(pace.IsOver);
    }

    [Fact]
    public void A_lone_client_stays_where_it_is_heard()
    {
        var pace = new ReadPace(0);
        for (var turn = 0; turn < 1_000; turn++)
            pace.HadTurns(turn * 500 * Micro, (turn * 500 + 40) * Micro);

        Assert.False(pace.IsOver);
    }

    [Fact]
    public void Reads_without_a_turn_count_too()
    {
        var pace = new ReadPace(0);
        for (var read = 0; read < 63; read++)
            pace.HasRead();
        Assert.False(pace.IsOver);

        pace.HasRead();

        Assert.True(pace.IsOver);
    }
}
