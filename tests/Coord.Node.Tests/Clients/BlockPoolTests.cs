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
}
