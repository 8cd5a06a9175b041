using System.Text;
using Coord.RecipeLoad;
using Coord.RecipeLoad.Redis;

namespace Coord.Benchmarks.Tests;

/// <summary>The load of benchmarks/recipes.sh: what it reads, and how it counts.</summary>
public class RecipeLoadTests
{
    private const string Words =
        "--store redis --hosts 127.0.0.1:1 --op counter --path /a --clients 3 --callers 16 --warm 4 --secs 5";

    // Whatever a read of the socket ends with, the rest is in the next one.
    [Theory]
    [InlineData(":42\r\n", 42, null)]
    [InlineData(":-7\r\n", -7, null)]
    [InlineData("+OK\r\n", 0, "OK")]
    [InlineData("$-1\r\n", 0, null)]
    [InlineData("$5\r\na\r\nbc\r\n", 0, "a\r\nbc")]
    public void A_reply_of_Redis_is_read_when_it_is_whole_and_not_before(string bytes, long number, string? text)
    {
        for (var length = 0; length < bytes.Length; length++)
        {
            ReadOnlySpan<byte> part = Encoding.UTF8.GetBytes(bytes).AsSpan(0, length);
            Assert.False(RespReply.TryTake(ref part, out _));
            Assert.Equal(length, part.Length);
        }

        ReadOnlySpan<byte> whole = Encoding.UTF8.GetBytes($"{bytes}:1\r\n");
        Assert.True(RespReply.TryTake(ref whole, out var reply));
        Assert.Equal(new RespReply(number, text), reply);
        Assert.True(RespReply.TryTake(ref whole, out var next));
        Assert.Equal(1, next.Number);
        Assert.Equal(0, whole.Length);
    }

    [Theory]
    [InlineData("-WRONGTYPE not a number\r\n")]
    [InlineData(":x\r\n")]
    [InlineData("\r\n")]
    public void An_error_of_Redis_is_no_reply(string bytes) => Assert.Throws<InvalidDataException>(() =>
    {
        ReadOnlySpan<byte> received = Encoding.UTF8.GetBytes(bytes);
        RespReply.TryTake(ref received, out _);
    });

    [Fact]
    public void A_command_tells_the_bytes_of_each_word() => Assert.Equal(
        "*2\r\n$4\r\nINCR\r\n$3\r\né1\r\n", Encoding.UTF8.GetString(RespConnection.Command("INCR", "é1")));

    [Fact]
    public void A_percentile_is_right_to_a_sixteenth()
    {
        var latencies = new Latencies();
        Assert.Equal(TimeSpan.Zero, latencies.Percentile(0.5));
        var others = new Latencies();
        for (var microseconds = 1; microseconds <= 1000; microseconds++)
            (microseconds % 2 == 0 ? latencies : others).Add(TimeSpan.FromMicroseconds(microseconds));
        latencies.Add(others);

        Assert.Equal(1000, latencies.Count);
        foreach (var (share, microseconds) in new[] { (0.001, 1), (0.5, 500), (0.99, 990), (1, 1000) })
        {
            var least = (microseconds * 15.0 / 16) - 0.1;
            Assert.InRange(latencies.Percentile(share).TotalMicroseconds, least, microseconds);
        }
    }

    [Fact]
    public void Options_are_all_needed_and_known()
    {
        var words = Words.Split(' ');
        Assert.Equal(
            new LoadOptions(
                "redis", "127.0.0.1:1", "counter", "/a", 3, 16, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5)),
            LoadOptions.Parse(words));
        for (var left = 0; left < words.Length; left += 2)
            Assert.Throws<ArgumentException>(() => LoadOptions.Parse([.. words[..left], .. words[(left + 2)..]]));
        Assert.Throws<ArgumentException>(() => LoadOptions.Parse([.. words, "--more", "1"]));
        Assert.Throws<ArgumentException>(() => LoadOptions.Parse(words[..^1]));
        Assert.Throws<ArgumentException>(() => LoadOptions.Parse([.. words[..^1], "-1"]));
    }

    [Fact]
    public async Task A_call_is_counted_where_it_ends_within_the_measured_time()
    {
        using var over = new CancellationTokenSource();
        var counted = CallerOf(new Window(TimeSpan.Zero, TimeSpan.FromDays(1)), over);
        await counted.RepeatAsync(over.Token);
        Assert.Equal(2, counted.Latencies.Count);
        Assert.Equal(3, counted.Failed);
        Assert.Equal(nameof(Client.ConnectionLossException), counted.Failure);

        using var early = new CancellationTokenSource();
        var warming = CallerOf(new Window(TimeSpan.FromDays(1), TimeSpan.FromDays(1)), early);
        await warming.RepeatAsync(early.Token);
        Assert.Equal(0, warming.Latencies.Count + warming.Failed);

        var late = CallerOf(new Window(TimeSpan.Zero, TimeSpan.Zero), over);
        await late.RepeatAsync(CancellationToken.None);
        Assert.Equal(0, late.Latencies.Count + late.Failed);
    }

    /// <summary>Five calls, of which the first and then each second one fail.</summary>
    private static Caller CallerOf(Window window, CancellationTokenSource over)
    {
        var calls = 0;
        return new Caller(
            async _ =>
            {
                if (++calls == 5)
                    await over.CancelAsync();
                if (calls % 2 == 1)
                    throw new Client.ConnectionLossException("/a");
            },
            window);
    }
}
