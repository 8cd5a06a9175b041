using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>Thousands of connections that open or end at once stand in nobody's way.</summary>
public class PoolPaceTests
{
    private readonly Queue<IThreadPoolWorkItem> pool = [];

    [Fact]
    public void So_many_enter_and_the_next_when_the_pool_has_come_round()
    {
        var pace = new PoolPace(2, pool.Enqueue);
        var turns = Enumerable.Range(0, 5).Select(_ => pace.EnterAsync()).ToList();
        Assert.Equal([true, true, false, false, false], turns.Select(turn => turn.IsCompleted));

        pool.Dequeue().Execute();
        Assert.Equal([true, true, true, true, false], turns.Select(turn => turn.IsCompleted));
        pool.Dequeue().Execute();
        Assert.All(turns, turn => Assert.True(turn.IsCompleted));
    }

    [Fact]
    public void Who_comes_alone_waits_for_nobody_and_leaves_no_mark_behind()
    {
        var pace = new PoolPace(2, pool.Enqueue);
        for (var round = 0; round < 3; round++)
        {
            Assert.True(pace.EnterAsync().IsCompleted);
            Assert.Single(pool).Execute();
            pool.Dequeue();
            Assert.Empty(pool);
        }
    }

    [Fact]
    public void The_pool_is_marked_once_at_a_time()
    {
        var pace = new PoolPace(3, pool.Enqueue);
        for (var entry = 0; entry < 9; entry++)
            _ = pace.EnterAsync();
        Assert.Single(pool);
        pool.Dequeue().Execute();
        Assert.Single(pool);
    }
}
