using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

public class RequestBudgetTests
{
    private readonly RequestBytes all = new(limit: 1000);

    [Fact]
    public void Reading_stops_at_the_limit_and_goes_on_at_half_of_it()
    {
        var budget = new RequestBudget(requestsMax: 4, bytesMax: 100, all);
        budget.Take(4, 4);
        var room = budget.RoomAsync();
        budget.GiveBack(1, 1);
        Assert.False(room.IsCompleted);

        budget.GiveBack(1, 1);

        Assert.True(room.IsCompleted);
    }

    [Fact]
    public void Few_large_requests_count_by_their_bytes()
    {
        var budget = new RequestBudget(requestsMax: 1000, bytesMax: 100, all);
        budget.Take(2, 100);
        var room = budget.RoomAsync();
        Assert.False(room.IsCompleted);

        budget.GiveBack(1, 50);

        Assert.True(room.IsCompleted);
    }

    [Fact]
    public void Over_the_limit_of_all_a_connection_is_read_only_while_nothing_of_it_is_under_way()
    {
        var hog = new RequestBudget(requestsMax: 1000, bytesMax: 10_000, all);
        hog.Take(1, 2000);
        var other = new RequestBudget(requestsMax: 1000, bytesMax: 100, all);
        Assert.True(other.RoomAsync().IsCompleted);
        other.Take(1, 10);

        var room = other.RoomAsync();
        Assert.False(room.IsCompleted);
        other.GiveBack(1, 10);

        Assert.True(room.IsCompleted);
    }

    [Fact]
    public void A_closing_connection_waits_for_nothing_and_gives_back_all()
    {
        var budget = new RequestBudget(requestsMax: 1, bytesMax: 5000, all);
        budget.Take(1, 2000);
        var room = budget.RoomAsync();

        budget.Close();

        Assert.True(room.IsCompleted);
        Assert.False(all.IsOverLimit);
    }
}
