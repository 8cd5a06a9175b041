using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

public class RequestBudgetTests
{
    [Fact]
    public void Reading_stops_at_the_limit_and_goes_on_at_half_of_it()
    {
        var budget = new RequestBudget(limit: 4);
        budget.Take(4);
        var room = budget.RoomAsync();
        budget.GiveBack(1);
        Assert.False(room.IsCompleted);

        budget.GiveBack(1);

        Assert.True(room.IsCompleted);
    }

    [Fact]
    public void A_closing_connection_waits_for_nothing()
    {
        var budget = new RequestBudget(limit: 1);
        budget.Take(1);
        var room = budget.RoomAsync();

        budget.Open();

        Assert.True(room.IsCompleted);
        Assert.True(budget.RoomAsync().IsCompleted);
    }
}
