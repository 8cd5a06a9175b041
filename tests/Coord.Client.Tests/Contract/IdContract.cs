using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Ids, the same on every server.</summary>
public abstract class IdContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    [Fact]
    public async Task A_version_counter_gives_each_number_once_to_any_number_of_writers()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var counter = new VersionCounter(Connect(), At("ids/tickets"));
            return await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => counter.NextAsync().AsTask()));
        })).Soon();

        Assert.Equal(Enumerable.Range(1, 200), taken.SelectMany(number => number).Order());
    }

    [Fact]
    public async Task Zxid_sequences_never_give_the_same_number_and_increase_in_commit_order()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var sequence = new ZxidSequence(Connect(), At($"ids/sequence-{i % 2}"));
            var numbers = new List<long>();
            for (var n = 0; n < 20; n++)
                numbers.Add(await sequence.NextAsync());
            return numbers;
        })).Soon();

        Assert.All(taken, numbers => Assert.Equal(numbers.Order(), numbers));
        Assert.Equal(80, taken.SelectMany(number => number).Distinct().Count());
        Assert.True(await new ZxidSequence(Coord, At("ids/sequence-0")).NextAsync().Soon() > taken.Max(n => n[^1]));
    }

    [Fact]
    public async Task Blocks_of_ids_do_not_overlap_and_ids_of_one_generator_increase()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            var generator = new BlockIdGenerator(Connect(), At("ids/orders"), blockSize: 10);
            var ids = new List<long>();
            for (var i = 0; i < 35; i++)
                ids.Add(await generator.NextAsync());
            return ids;
        })).Soon();

        Assert.All(taken, ids => Assert.Equal(ids.Order(), ids));
        Assert.Equal(105, taken.SelectMany(id => id).Distinct().Count());
        Assert.Equal(1, taken.SelectMany(id => id).Min());
    }

    [Fact]
    public async Task Another_block_size_is_refused_naming_both()
    {
        await new BlockIdGenerator(Coord, At("ids/orders"), blockSize: 10).NextAsync().Soon();

        var error = await Assert.ThrowsAsync<RecipeMismatchException>(
            () => new BlockIdGenerator(Connect(), At("ids/orders"), blockSize: 20).NextAsync().Soon());

        Assert.Contains(":10'", error.Message, StringComparison.Ordinal);
        Assert.Contains(":20'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_znode_with_bytes_is_no_sequence_and_keeps_them()
    {
        await Coord.CreateAsync(At("text"), new byte[3]).Soon();

        await Assert.ThrowsAsync<ZnodeFormatException>(() => new VersionCounter(Coord, At("text")).NextAsync().Soon());
        await Assert.ThrowsAsync<ZnodeFormatException>(() => new ZxidSequence(Coord, At("text")).NextAsync().Soon());

        Assert.Equal(3, (await Coord.GetAsync(At("text")).Soon()).Bytes.Length);
    }

    [Fact]
    public async Task Worker_ids_held_at_once_differ_and_the_lowest_free_one_is_given()
    {
        var options = new WorkerIdOptions { Quarantine = TimeSpan.Zero };
        var held = await Task.WhenAll(Enumerable.Range(0, 5).Select(
            _ => WorkerId.AcquireAsync(Connect(), At("ids/workers"), 16, options).AsTask())).Soon();
        Assert.Equal([0, 1, 2, 3, 4], held.Select(worker => worker.Value).Order());

        await held.Single(worker => worker.Value == 2).DisposeAsync().Soon();
        await using var next = await WorkerId.AcquireAsync(Coord, At("ids/workers"), 16, options).Soon();

        Assert.Equal(2, next.Value);
        Assert.True(next.IsHeld);
        foreach (var worker in held)
            await worker.DisposeAsync().Soon();
    }

    [Fact]
    public async Task A_worker_id_given_back_is_in_quarantine()
    {
        await (await WorkerId.AcquireAsync(Connect(), At("ids/workers"), 16).Soon()).DisposeAsync().Soon();

        await using var second = await WorkerId.AcquireAsync(Coord, At("ids/workers"), 16).Soon();
        await Assert.ThrowsAsync<TimeoutException>(() => WorkerId.AcquireAsync(
            Connect(), At("ids/workers"), range: 2, timeout: TimeSpan.FromMilliseconds(200)).Soon());

        Assert.Equal(1, second.Value);
    }
}
