using Coord.Client.Recipes;

namespace Coord.Client.Tests;

public sealed class CounterBytesTests
{
    [Fact]
    public void The_value_is_eight_bytes_that_Curator_reads()
    {
        var bytes = CounterBytes.Initial(0).Next(0x0102030405060708, tag: 1, mzxid: 9).ToArray();

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], bytes[..8]);
    }

    [Fact]
    public void A_value_of_Curators_is_read_and_an_empty_znode_is_the_initial_value()
    {
        Assert.Equal(258, CounterBytes.Read("/c", [0, 0, 0, 0, 0, 0, 1, 2], 9).Value);
        Assert.Equal(9, CounterBytes.Read("/c", [], 9).Value);
    }

    [Fact]
    public void The_last_sixteen_writes_are_known()
    {
        var bytes = CounterBytes.Initial(0);
        for (ulong tag = 1; tag <= 17; tag++)
            bytes = CounterBytes.Read("/c", bytes.Next((long)tag, tag, 10 + (long)tag).ToArray(), 0);

        Assert.Equal(17, bytes.Value);
        Assert.False(bytes.Writes.Holds(1));
        Assert.Equal(new LastWrite(2, 1, 12), bytes.Writes.Find(2));
        Assert.Equal(new LastWrite(17, 16, 27), bytes.Writes.Find(17));
        Assert.Equal((LastWrites.Max, 12), (bytes.Writes.Count, bytes.Writes.CompleteSince(28)));
    }

    // Danger: what such writes found is not known, so their tags are never all of those behind some zxid.
    [Fact]
    public void A_counter_of_an_earlier_version_is_read_and_gone_on_with()
    {
        var now = CounterBytes.Initial(0).Next(5, tag: 1, mzxid: 11).Next(7, tag: 2, mzxid: 12).ToArray();

        var earlier = CounterBytes.Read("/c", EarlierBytes.Of(now, trailerAt: 8), 0);
        var next = CounterBytes.Read("/c", earlier.Next(8, tag: 3, mzxid: 13).ToArray(), 0);

        Assert.Equal((7, 2, long.MaxValue), (earlier.Value, earlier.Writes.Count, earlier.Writes.CompleteSince(13)));
        Assert.Equal((8, 3, long.MaxValue), (next.Value, next.Writes.Count, next.Writes.CompleteSince(14)));
        Assert.True(next.Writes.Holds(1) && next.Writes.Holds(2));
        Assert.Equal(new LastWrite(3, 7, 13), next.Writes.Find(3));
    }

    public static TheoryData<byte[]> Foreign => new()
    {
        new byte[1],
        new byte[7],
        new byte[9],
        new byte[13],
        CounterBytes.Initial(1).Next(2, 3, 4).ToArray()[..^1],
        CounterBytes.Initial(1).Next(2, 3, 4).ToArray().Append((byte)0).ToArray(),
        EarlierBytes.Of(CounterBytes.Initial(1).Next(2, 3, 4).ToArray(), trailerAt: 8)[..^1],
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Other_bytes_are_never_taken_for_a_number(byte[] bytes)
    {
        var error = Assert.Throws<ZnodeFormatException>(() => CounterBytes.Read("/c", bytes, 0));

        Assert.Equal("/c", error.Path);
    }
}
