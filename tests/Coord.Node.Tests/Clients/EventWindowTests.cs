using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>How many events may stand ahead of somebody else's reply.</summary>
public class EventWindowTests
{
    private readonly Sends sends = new();

    [Fact]
    public void Two_shares_go_and_the_next_when_the_first_is_taken()
    {
        var window = new EventWindow(8, sends);
        WriteAll(window);
        Assert.True(window.HasRoomNext);
        WriteAll(window);
        Assert.Equal(2, sends.Marks);
        Assert.Equal((0, false), (window.Room, window.HasRoomNext));

        window.Taken();
        Assert.Equal((4, true), (window.Room, window.HasRoomNext));
    }

    [Fact]
    public void A_few_events_need_no_mark_until_they_are_a_share()
    {
        var window = new EventWindow(8, sends);
        for (var turn = 0; turn < 3; turn++)
        {
            window.Take(1);
            window.EndTurn(othersWait: false);
        }

        Assert.Equal(0, sends.Marks);
        window.Take(1);
        window.EndTurn(othersWait: false);
        Assert.Equal(1, sends.Marks);
        window.Taken();
        Assert.Equal(4, window.Room);
    }

    // Danger: events wait for a mark that nobody made, for ever.
    [Fact]
    public void Whoever_waits_has_a_mark_under_way()
    {
        var window = new EventWindow(8, sends);
        window.Take(1);
        window.EndTurn(othersWait: true);
        Assert.Equal(1, sends.Marks);
    }

    [Fact]
    public void Events_ahead_of_a_reply_count_though_there_is_no_room()
    {
        var window = new EventWindow(8, sends);
        window.Take(100);
        Assert.True(window.Room <= 0);
        window.EndTurn(othersWait: true);
        Assert.False(window.HasRoomNext);
        window.Taken();
        Assert.Equal(4, window.Room);
    }

    private static void WriteAll(EventWindow window)
    {
        window.Take(window.Room);
        window.EndTurn(othersWait: true);
    }

    private sealed class Sends : IClientSends
    {
        public int Marks { get; private set; }

        public void Mark() => Marks++;
    }
}
