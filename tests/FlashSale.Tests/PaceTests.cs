using FlashSale.Selling;

namespace FlashSale.Tests;

public class PaceTests
{
    [Fact]
    public void A_seller_keeps_to_its_rate()
    {
        var pace = new Pace(unitsPerSecond: 10, new ManualTime());
        Assert.Equal(TimeSpan.Zero, pace.NextWait(5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.NextWait(5));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.NextWait(5));
    }

    [Fact]
    public void After_a_long_pause_a_seller_catches_up_by_one_second_at_most()
    {
        var time = new ManualTime();
        var pace = new Pace(unitsPerSecond: 10, time);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, pace.NextWait(10));
        Assert.Equal(TimeSpan.Zero, pace.NextWait(5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.NextWait(5));
    }
}
