using FlashSale.Display;
using FlashSale.Running;
using Spectre.Console;

namespace FlashSale.Tests;

public class SaleProgressTests
{
    private readonly ManualTime _time = new();
    private readonly SaleProgress _progress;

    public SaleProgressTests() => _progress = new SaleProgress(units: 100, sellers: 2, _time);

    [Fact]
    public void A_sale_written_down_before_the_kill_does_not_count_for_the_interval_after_it()
    {
        _progress.NoteFailover(node: 1, atMs: 1000);
        _progress.Report(1, new SellerReport.Sold(5, AtMs: 999));
        _progress.Report(2, new SellerReport.Sold(5, AtMs: 1001));
        Assert.False(_progress.EverySellerSoldSinceFailover());

        _progress.Report(1, new SellerReport.Sold(5, AtMs: 1002));
        Assert.True(_progress.EverySellerSoldSinceFailover());
        Assert.Equal(15, _progress.Snapshot().SoldTotal);
    }

    [Fact]
    public void The_longest_pause_includes_one_that_is_still_going_on()
    {
        _progress.Report(1, new SellerReport.Sold(5, 1));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), _progress.Snapshot().LongestPause);
        _progress.Report(2, new SellerReport.Sold(5, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(3), _progress.Snapshot().LongestPause);
    }

    [Fact]
    public void A_failover_ends_with_the_next_sale_of_anybody()
    {
        _time.Advance(TimeSpan.FromSeconds(4));
        _progress.NoteFailover(node: 3, atMs: 10);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        _progress.Report(2, new SellerReport.Sold(1, 11));
        var failover = Assert.Single(_progress.Snapshot().Failovers);
        Assert.Equal(new FailoverRecord(3, TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(250)), failover);
    }

    [Fact]
    public void Every_seller_has_to_be_dry_at_the_same_call()
    {
        _progress.Report(1, new SellerReport.Dry(2));
        _progress.Report(2, new SellerReport.Dry(1));
        Assert.False(_progress.EverySellerIsDryAt(2));
        _progress.Report(2, new SellerReport.Dry(2));
        Assert.True(_progress.EverySellerIsDryAt(2));
    }

    [Fact]
    public void The_live_picture_names_leader_failovers_and_pause()
    {
        _progress.SetRoles([NodeRole.Follower, NodeRole.Leader, NodeRole.Down]);
        _progress.NoteFailover(node: 3, atMs: 0);
        _time.Advance(TimeSpan.FromMilliseconds(120));
        _progress.Report(1, new SellerReport.Sold(25, 1));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 100;
        console.Write(TerminalDisplay.Picture(_progress.Snapshot()));

        var picture = text.ToString();
        Assert.Contains("25 of 100 units", picture, StringComparison.Ordinal);
        Assert.Contains("node 2 leader", picture, StringComparison.Ordinal);
        Assert.Contains("node 3 down", picture, StringComparison.Ordinal);
        Assert.Contains("sold again after 120 ms", picture, StringComparison.Ordinal);
    }
}
