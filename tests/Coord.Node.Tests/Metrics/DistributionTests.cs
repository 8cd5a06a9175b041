using Coord.Node.Metrics;

namespace Coord.Node.Tests.Metrics;

/// <summary>What is measured comes out as it went in, whatever its size.</summary>
public sealed class DistributionTests
{
    private readonly Distribution distribution = new();

    [Fact]
    public void Nothing_recorded_reads_as_zeros()
    {
        var reading = distribution.Read();
        Assert.Equal((0, 0, 0, 0), (reading.Count, reading.Least, reading.Greatest, reading.Quantile(0.5)));
        Assert.Equal(0, reading.Average);
    }

    /// <summary>Every power of two, its neighbours, and values beyond the last bucket.</summary>
    [Fact]
    public void A_quantile_is_right_to_a_sixteenth_at_every_size()
    {
        for (var power = 0; power < 42; power++)
        {
            foreach (var value in new[] { (1L << power) - 1, 1L << power, (1L << power) + 1 })
            {
                var one = new Distribution();
                one.Record(value);
                one.Record(value * 2);
                Assert.InRange(one.Read().Quantile(0.5), value, value + (value / 16));
            }
        }

        distribution.Record(long.MaxValue / 2);
        Assert.Equal(long.MaxValue / 2, distribution.Read().Greatest);
        Assert.Equal(long.MaxValue / 2, distribution.Read().Quantile(1));
    }

    [Fact]
    public void Quantiles_of_an_even_spread_are_where_they_belong()
    {
        for (var value = 1; value <= 10_000; value++)
            distribution.Record(value);
        var reading = distribution.Read();
        foreach (var share in new[] { 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1 })
            Assert.InRange(reading.Quantile(share), 10_000 * share, 10_000 * share * 17 / 16);
        Assert.Equal(5_000.5, reading.Average);
        Assert.Equal((1, 10_000), (reading.Least, reading.Greatest));
    }

    [Fact]
    public void A_reset_is_seen_at_once_and_the_totals_stay()
    {
        distribution.Record(7, times: 3);
        distribution.Reset();
        Assert.Equal((0, 0), (distribution.Read().Count, distribution.Read().Greatest));
        distribution.Record(2);
        var reading = distribution.Read();
        Assert.Equal((1, 2, 2, 2), (reading.Count, reading.Sum, reading.Least, reading.Greatest));
        Assert.Equal((4, 23), (reading.TotalCount, reading.TotalSum));
    }

    /// <summary>To who scrapes while <c>srst</c> resets, a total that goes back looks like a restart.</summary>
    [Fact]
    public void What_is_read_during_resets_is_of_one_moment_and_totals_never_go_back()
    {
        const int Resets = 20_000;
        var recorder = new Thread(() =>
        {
            for (var i = 0; i < Resets; i++)
            {
                distribution.Record(5, times: 2);
                distribution.Reset();
            }
        });
        recorder.Start();
        var (count, sum) = (0L, 0L);
        while (recorder.IsAlive)
        {
            var reading = distribution.Read();
            Assert.InRange(reading.Least, 0, 5);
            Assert.True(reading.TotalCount >= count && reading.TotalSum >= sum, $"{reading} behind {count}, {sum}");
            (count, sum) = (reading.TotalCount, reading.TotalSum);
        }

        Assert.Equal((2 * Resets, 10 * Resets), (distribution.Read().TotalCount, distribution.Read().TotalSum));
    }

    [Fact]
    public void Two_readings_together_are_as_if_recorded_in_one()
    {
        var other = new Distribution();
        distribution.Record(10);
        other.Record(1_000);
        var both = distribution.Read().With(other.Read());
        Assert.Equal((2, 1_010, 10, 1_000), (both.Count, both.Sum, both.Least, both.Greatest));
        Assert.Equal(10, both.Quantile(0.5));
        Assert.Equal(10, distribution.Read().With(new Distribution().Read()).Least);
        Assert.Equal(10, new Distribution().Read().With(distribution.Read()).Least);
    }

    [Fact]
    public void Negative_values_count_as_zero() // Clocks of two machines differ.
    {
        distribution.Record(-5);
        Assert.Equal((1, 0, 0), (distribution.Read().Count, distribution.Read().Sum, distribution.Read().Least));
    }
}
