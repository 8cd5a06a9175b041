using Coord.JepsenLike.Faults.Disks;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// The disk that fails to order, under a program that says exactly what it flushes: a loss of power takes what was not
/// flushed and nothing else, and each refusal is the one that was asked for.
/// </summary>
public sealed class DiskShimTests : IClassFixture<DiskProbe>
{
    private const int Seeds = 200;

    private readonly DiskProbe probe;

    public DiskShimTests(DiskProbe probe)
    {
        this.probe = probe;
        probe.Clear();
    }

    // Steps, the file looked at, and what it holds when the power has failed; null where there must be none.
    [Theory]
    [InlineData("write a 0 one flush a flushdir write a 1 XY", "a", "one")]
    [InlineData("write a 0 one flush a flushdir write a 1 XY flush a", "a", "oXY")]
    [InlineData("write a 0 one flush a flushdir write a 3 two", "a", "one")]
    [InlineData("write a 0 one flush a flushdir write a 3 two flush a", "a", "onetwo")]
    [InlineData("write a 0 one flush a flushdir truncate a 1", "a", "one")]
    [InlineData("write a 0 one flush a flushdir truncate a 1 flush a", "a", "o")]
    [InlineData("write a 0 one flush a flushdir truncate a 0 write a 0 XY", "a", "one")]
    [InlineData("write a 0 one flushdir", "a", "")]
    [InlineData("write a 0 one flush a", "a", null)]
    [InlineData("write a 0 one flush a flushdir rename a b", "a", "one")]
    [InlineData("write a 0 one flush a flushdir rename a b", "b", null)]
    [InlineData("write a 0 one flush a flushdir rename a b flushdir", "b", "one")]
    [InlineData("write a 0 one flush a write b 0 two flush b flushdir rename a b", "b", "two")]
    [InlineData("write a 0 one flush a write b 0 two flush b flushdir rename a b flushdir", "b", "one")]
    [InlineData("write a 0 one flush a flushdir remove a", "a", "one")]
    [InlineData("write a 0 one flush a flushdir remove a flushdir", "a", null)]
    [InlineData("write a 0 one flush a flushdir write a 0 XY remove a write a 0 two flush a", "a", "one")]
    [InlineData("write a 0 one flush a flushdir write a 0 XY remove a write a 0 two flush a flushdir", "a", "two")]
    public async Task A_loss_of_power_takes_what_was_not_flushed_and_nothing_else(
        string steps, string name, string? left)
    {
        Assert.DoesNotMatch("[1-9]", await probe.RunAsync(steps));
        probe.LoseAll();
        Assert.Equal(left, probe.Text(name));
    }

    // A killed process leaves the page cache behind: the next one reads what is still not durable.
    [Fact]
    public async Task What_an_earlier_process_left_unflushed_is_lost_as_well()
    {
        await probe.RunAsync("write a 0 one flush a flushdir write a 0 XY");
        Assert.Equal("XYe", probe.Text("a"));
        await probe.RunAsync("write a 2 Z");
        Assert.Equal("XYZ", probe.Text("a"));
        probe.LoseAll();
        Assert.Equal("one", probe.Text("a"));
    }

    // raft-design T6: each unflushed sector is kept or lost by itself, and what was flushed stays.
    [Fact]
    public async Task A_loss_keeps_or_takes_each_sector_by_itself()
    {
        var kept = new HashSet<string>();
        for (var seed = 0; seed < Seeds && kept.Count < 4; seed++)
        {
            probe.Clear();
            await probe.RunAsync(
                "write a 0 first write a 8192 second flush a flushdir write a 0 FIRST write a 8192 SECOND");
            var report = probe.LoseSome(seed);
            Assert.Equal(2, report.Sectors);
            var text = probe.Text("a")!;
            Assert.Equal(8192 + 6, text.Length);
            kept.Add($"{text[..5]} {text[8192..]}");
        }

        Assert.Equal(
            ["FIRST SECOND", "FIRST second", "first SECOND", "first second"], kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_takes_what_has_its_room_already()
    {
        await probe.RunAsync("write a 0 one flush a flushdir");
        probe.Disk.Refuse(DiskRefusal.Growth);
        Assert.Equal("0 0 28 28", await probe.RunAsync("write a 0 two flush a write a 4095 XY write b 0 new"));
        Assert.Equal(2, probe.Disk[DiskCounter.RefusedGrowth]);
        probe.Disk.Refuse(DiskRefusal.Writes);
        Assert.Equal("28 0 0", await probe.RunAsync("write a 0 three flush a remove a"));
    }

    [Fact]
    public async Task A_read_only_disk_takes_no_change_at_all()
    {
        await probe.RunAsync("write a 0 one flush a flushdir");
        probe.Disk.Refuse(DiskRefusal.Changes);
        Assert.Equal("30 30 30 30", await probe.RunAsync("write a 0 two write b 0 new rename a b remove a"));
        Assert.Equal("one", probe.Text("a"));
    }

    // After a failed flush nothing says what is durable; here nothing is.
    [Fact]
    public async Task A_flush_fails_as_often_as_it_was_told_to_and_makes_nothing_durable()
    {
        await probe.RunAsync("write a 0 one flush a flushdir");
        probe.Disk.FailFlushes(1);
        Assert.Equal("0 5", await probe.RunAsync("write a 0 two flush a"));
        Assert.Equal(1, probe.Disk[DiskCounter.FailedFlushes]);
        probe.LoseAll();
        Assert.Equal("one", probe.Text("a"));
        Assert.Equal("0 0", await probe.RunAsync("write a 0 two flush a"));
    }

    // The lag in milliseconds, and what is left when the power fails 50 ms after the flush or somewhat later.
    [Theory]
    [InlineData(60_000, "one")]
    [InlineData(20, "TWO")]
    public async Task A_flush_that_lies_is_one_only_later(int lag, string left)
    {
        await probe.RunAsync("write a 0 one flush a flushdir");
        probe.Disk.Lie(TimeSpan.FromMilliseconds(lag));
        Assert.Equal("0 0 0", await probe.RunAsync("write a 0 TWO flush a wait 50"));
        probe.LoseAll();
        Assert.Equal(left, probe.Text("a"));
    }

    [Fact]
    public async Task A_slow_flush_takes_its_time()
    {
        var least = TimeSpan.FromMilliseconds(200);
        await probe.RunAsync("write a 0 one flush a flushdir");
        probe.Disk.SlowDown(least, least, seed: 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await probe.RunAsync("write a 0 two flush a flushdir");
        Assert.True(clock.Elapsed >= 2 * least, $"two flushes took {clock.Elapsed}");
    }
}
