using System.Buffers;
using Coord.Client.Testing;
using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>The memory of the connections' pipes: used again, and never by two at once.</summary>
public class BlockPoolTests
{
    [Fact]
    public void What_is_given_back_is_used_again_the_latest_first()
    {
        using var pool = new BlockPool(keptMax: 10);
        var first = pool.Rent();
        var second = pool.Rent();
        first.Dispose();
        second.Dispose();
        Assert.Equal((0L, 2), (pool.Rented, pool.Free));

        Assert.Same(second, pool.Rent());
        Assert.Same(first, pool.Rent());
        Assert.Equal((2L, 0), (pool.Rented, pool.Free));
    }

    // Danger: one client's reply in another's.
    [Fact]
    public void A_block_given_back_twice_is_not_two_connections()
    {
        using var pool = new BlockPool(keptMax: 10);
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();
        Assert.Equal((0L, 1), (pool.Rented, pool.Free));
        Assert.NotSame(pool.Rent(), pool.Rent());
    }

    [Fact]
    public void No_more_than_so_many_are_kept()
    {
        using var pool = new BlockPool(keptMax: 100);
        var blocks = Enumerable.Range(0, 150).Select(_ => pool.Rent()).ToList();
        Assert.All(blocks, block => Assert.Equal(BlockPool.BlockBytes, block.Memory.Length));
        blocks.ForEach(block => block.Dispose());
        Assert.Equal((0L, 100), (pool.Rented, pool.Free));
    }

    [Fact]
    public void A_block_has_one_size()
    {
        using var pool = new BlockPool(keptMax: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockBytes + 1));
    }

    [Fact]
    public void Somebody_is_told_of_more_than_there_should_be_and_again_as_it_grows()
    {
        var queue = new Queue<IThreadPoolWorkItem>();
        var told = new List<long>();
        using var pool = new BlockPool(keptMax: 100, bytesMax: 32 * BlockPool.BlockBytes, queue.Enqueue)
        {
            Exceeded = bytes => told.Add(bytes / BlockPool.BlockBytes),
        };
        var blocks = Rent(pool, 32);
        Assert.Empty(queue);

        // Three over it, and told once while nobody has come to it.
        blocks.AddRange(Rent(pool, 3));
        Assert.Single(queue).Execute();
        queue.Clear();

        // A sixteenth of the limit more may come before it is worth another look.
        blocks.AddRange(Rent(pool, 2));
        Assert.Empty(queue);
        blocks.AddRange(Rent(pool, 1));
        Assert.Single(queue).Execute();
        queue.Clear();
        Assert.Equal([3, 6], told);

        blocks.ForEach(block => block.Dispose());
        Rent(pool, 33);
        Assert.Single(queue);
    }

    // Danger: all of it is written within one step, where it is nobody's yet, and none looks at it behind that.
    [Fact]
    public void What_still_is_too_much_is_told_of_again_though_nothing_more_is_taken()
    {
        var queue = new Queue<IThreadPoolWorkItem>();
        var time = new FakeTimeProvider();
        using var pool = new BlockPool(keptMax: 100, bytesMax: 32 * BlockPool.BlockBytes, queue.Enqueue, time);
        var blocks = Rent(pool, 33);
        for (var count = 0; count < 3; count++)
        {
            queue.Dequeue().Execute();
            Assert.Empty(queue);
            time.Advance(BlockPool.AgainAfter);
            Assert.Single(queue);
        }

        blocks[0].Dispose();
        queue.Dequeue().Execute();
        time.Advance(10 * BlockPool.AgainAfter);
        Assert.Empty(queue);
    }

    [Fact]
    public void One_block_more_and_less_at_the_limit_is_not_told_of()
    {
        var queue = new Queue<IThreadPoolWorkItem>();
        using var pool = new BlockPool(keptMax: 100, bytesMax: 32 * BlockPool.BlockBytes, queue.Enqueue);
        var blocks = Rent(pool, 33);
        queue.Dequeue().Execute();
        for (var count = 0; count < 10; count++)
        {
            blocks[32].Dispose();
            blocks[32] = pool.Rent();
        }

        Assert.Empty(queue);
    }

    [Fact]
    public void What_comes_after_much_was_given_back_is_told_of_by_the_least_since()
    {
        var queue = new Queue<IThreadPoolWorkItem>();
        using var pool = new BlockPool(keptMax: 100, bytesMax: 32 * BlockPool.BlockBytes, queue.Enqueue);
        var blocks = Rent(pool, 60);
        queue.Dequeue().Execute();

        // It was not enough: 40 are over the limit still, and so are two more.
        blocks[40..].ForEach(block => block.Dispose());
        Rent(pool, 2);
        Assert.Empty(queue);
        Rent(pool, 1);
        Assert.Single(queue);
    }

    private static List<IMemoryOwner<byte>> Rent(BlockPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];
}
