using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>The counter, the same on every server.</summary>
public abstract class CounterContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string CounterPath => At("counters/c");

    [Fact]
    public async Task Adds_of_many_clients_are_all_counted_and_each_gets_its_own_value()
    {
        const int Clients = 5;
        const int AddsEach = 100;

        var values = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var counter = new DistributedCounter(Connect(), CounterPath);
            return await Task.WhenAll(Enumerable.Range(0, AddsEach).Select(_ => counter.IncrementAsync().AsTask()));
        })).Soon();

        var all = values.SelectMany(value => value).Order().ToList();
        Assert.Equal(Enumerable.Range(1, Clients * AddsEach).Select(value => (long)value), all);
        Assert.Equal(Clients * AddsEach, await new DistributedCounter(Coord, CounterPath).GetAsync().Soon());
    }

    [Fact]
    public async Task A_missing_counter_has_its_initial_value_and_is_not_made_by_reading()
    {
        var counter = new DistributedCounter(Coord, CounterPath, new CounterOptions { InitialValue = 100 });

        Assert.Equal(100, await counter.GetAsync().Soon());
        Assert.Null(await Coord.ExistsAsync(CounterPath).Soon());
        Assert.Equal(101, await counter.IncrementAsync().Soon());
        Assert.Equal(100, await counter.DecrementAsync().Soon());
    }

    /// <summary>A server that adds by itself leaves such bytes to the client (docs/internals/extensions.md).</summary>
    [Fact]
    public async Task A_counter_as_an_earlier_version_wrote_it_is_gone_on_with()
    {
        var earlier = EarlierBytes.Of(CounterBytes.Initial(40).Next(41, 3, 4).ToArray(), trailerAt: 8);
        await Coord.CreateAsync(CounterPath, earlier, new CreateOptions { Parents = CreateParents.Persistent }).Soon();
        var counter = new DistributedCounter(Coord, CounterPath);

        Assert.Equal(42, await counter.IncrementAsync().Soon());
        var now = await Coord.GetAsync(CounterPath).Soon();
        Assert.Equal("CTG2"u8, now.Bytes.Span[8..12]);
        Assert.Equal(43, await counter.IncrementAsync().Soon());
    }

    [Fact]
    public async Task Bounds_are_never_passed_however_many_try()
    {
        var counters = Enumerable.Range(0, 4).Select(_ => new DistributedCounter(Connect(), CounterPath)).ToList();
        await counters[0].AddAsync(50).Soon();

        var changes = await Task.WhenAll(counters.SelectMany(
            counter => Enumerable.Range(0, 40).Select(_ => counter.TryAddAsync(-1, min: 0).AsTask()))).Soon();

        Assert.Equal(50, changes.Count(change => change.Applied));
        Assert.All(changes, change => Assert.InRange(change.Value, 0, 49));
        Assert.Equal(0, await counters[0].GetAsync().Soon());
        Assert.Equal(new CounterChange(false, 0), await counters[1].TryAddAsync(5, max: 4).Soon());
    }

    [Fact]
    public async Task A_refusal_is_judged_by_the_value_now_and_not_by_one_kept()
    {
        var seller = new DistributedCounter(Coord, CounterPath);
        var stocker = new DistributedCounter(Connect(), CounterPath);
        await seller.AddAsync(1).Soon();
        Assert.True((await seller.TryAddAsync(-1, min: 0).Soon()).Applied);
        Assert.False((await seller.TryAddAsync(-1, min: 0).Soon()).Applied);

        await stocker.AddAsync(1).Soon();

        Assert.True((await seller.TryAddAsync(-1, min: 0).Soon()).Applied);
    }

    [Fact]
    public async Task A_swap_happens_only_from_the_expected_value()
    {
        var counter = new DistributedCounter(Coord, CounterPath);

        Assert.True(await counter.CompareAndSetAsync(0, 10).Soon());
        Assert.False(await counter.CompareAndSetAsync(0, 11).Soon());
        Assert.Equal(10, await counter.GetAsync().Soon());
    }

    [Fact]
    public async Task An_overflow_writes_nothing_and_hurts_nobody_else()
    {
        var counter = new DistributedCounter(Coord, CounterPath);
        await counter.AddAsync(long.MaxValue - 1).Soon();

        var overflow = counter.AddAsync(2).AsTask();
        var fits = counter.AddAsync(1).AsTask();

        await Assert.ThrowsAsync<OverflowException>(() => overflow.Soon());
        Assert.Equal(long.MaxValue, await fits.Soon());
    }

    [Fact]
    public async Task Foreign_bytes_are_an_error_and_stay_untouched()
    {
        await Coord.CreateAsync(At("text"), new byte[3]).Soon();
        var counter = new DistributedCounter(Coord, At("text"));

        await Assert.ThrowsAsync<ZnodeFormatException>(() => counter.GetAsync().Soon());
        await Assert.ThrowsAsync<ZnodeFormatException>(() => counter.IncrementAsync().Soon());

        Assert.Equal(0, (await Coord.GetAsync(At("text")).Soon()).Stat.Version);
    }

    [Fact]
    public async Task Calls_that_wait_together_share_a_write()
    {
        var counter = new DistributedCounter(Coord, CounterPath);
        await counter.AddAsync(0).Soon();

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => counter.IncrementAsync().AsTask())).Soon();

        var stat = (await Coord.GetAsync(CounterPath).Soon()).Stat;
        Assert.InRange(stat.Version, 1, 500);
        Assert.Equal(1000, await counter.GetAsync().Soon());
    }

    [Fact]
    public async Task What_Curator_wrote_is_counted_on_and_stays_readable_to_it()
    {
        await Coord.CreateAsync(At("atomic"), new byte[] { 0, 0, 0, 0, 0, 0, 1, 2 }).Soon();
        var counter = new DistributedCounter(Coord, At("atomic"));

        Assert.Equal(259, await counter.IncrementAsync().Soon());

        var bytes = (await Coord.GetAsync(At("atomic")).Soon()).Bytes;
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 3], bytes[..8].ToArray());
    }

    [Fact]
    public async Task Stripes_of_many_clients_add_up()
    {
        var options = new StripedCounterOptions { Stripes = 4 };
        var adders = Enumerable.Range(0, 6).Select(_ => new StripedCounter(Connect(), At("views"), options)).ToList();
        Assert.Equal(0, await adders[0].SumAsync().Soon());

        await Task.WhenAll(adders.SelectMany(
            adder => Enumerable.Range(0, 20).Select(_ => adder.AddAsync(2).AsTask()))).Soon();

        Assert.Equal(240, await new StripedCounter(Coord, At("views")).SumAsync().Soon());
    }
}
