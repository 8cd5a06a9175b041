using System.Buffers;

namespace Coord.Protocol.Tests;

/// <summary>
/// The records of Coord's own operations, to the byte (docs/internals/extensions.md): what a release sends, the next
/// one reads.
/// </summary>
public class ExtensionTests
{
    private const string Stat =
        " 0000000000000001 0000000000000002 0000000000000003 0000000000000004 00000005 00000006 00000007"
        + " 0000000000000008 00000009 0000000a 000000000000000b";

    // Operation 3, acknowledged 2, delete of /a.
    private const string Once = "0000000000000003 0000000000000002 00000002 00000002 2f61 ffffffff";

    private const string ChildCounter = "00000002 2f61 0000000000001267";

    // /a, initial 1, tag 2, then 3 within 4 to 5, six times, and -1 without bounds, once.
    // /a of b, open to everybody, ephemeral and sequential; c and d stand in line, and c is waited for.
    private const string CreateRank = "00000002 2f61 00000001 62 00000001 0000001f 00000005 776f726c64"
        + " 00000006 616e796f6e65 00000003 00000002 00000001 63 00000001 64 00000001 00000001 63";

    private const string CounterAdd = "00000002 2f61 0000000000000001 0000000000000002"
        + " 0000000000000007 0000000000000008 00000002 0000000000000003 0000000000000004 0000000000000005 00000006"
        + " ffffffffffffffff 8000000000000000 7fffffffffffffff 00000001";

    [Theory]
    [InlineData(OpCode.Once, Once)]
    [InlineData(OpCode.RaiseChildCounter, ChildCounter)]
    [InlineData(OpCode.CounterAdd, CounterAdd)]
    [InlineData(OpCode.CreateRank, CreateRank)]
    [InlineData(OpCode.CheckAbsent, "00000002 2f61")]
    [InlineData(OpCode.CheckChildren, "00000002 2f61 00000007")]
    [InlineData(OpCode.WatchFrom, "0000000000000001 00000001 00000002 2f61 00000002 00000002 2f62 00000002 2f63")]
    public void A_request_is_written_as_it_was_read_and_refused_when_cut(OpCode op, string hex)
    {
        var bytes = Hex.Bytes(hex);
        Assert.Equal(bytes, Echo(RequestEcho.TryEcho, op, bytes));
        // What is cut from the write behind a number is its own matter.
        var whole = op == OpCode.Once ? 20 : bytes.Length;
        for (var length = 0; length < whole; length++)
            Assert.Null(Echo(RequestEcho.TryEcho, op, bytes[..length]));
    }

    [Theory]
    [InlineData(OpCode.CounterAdd, "0000000000000001 0000000000000002" + Stat)]
    [InlineData(OpCode.RaiseChildCounter, Stat)]
    [InlineData(OpCode.CreateRank, "00000002 2f61" + Stat + "00000003 00000001 62")]
    [InlineData(OpCode.CreateRank, "00000002 2f61" + Stat + "ffffffff 00000000")]
    public void A_reply_is_written_as_it_was_read_and_refused_when_cut(OpCode op, string hex)
    {
        var bytes = Hex.Bytes(hex);
        Assert.Equal(bytes, Echo(ReplyEcho.TryEcho, op, bytes));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(Echo(ReplyEcho.TryEcho, op, bytes[..length]));
    }

    [Theory]
    [InlineData("00000001 00000000 00000000")]
    [InlineData("00000001 ffffffff 00000000")]
    [InlineData("00000000 00000009 00000001 61 00000001 62 00000001 63 00000001 64 00000001 65 00000001 66 00000001 67"
        + " 00000001 68 00000001 69")]
    public void Marks_that_make_no_sense_are_refused(string marks)
    {
        const int MarksAt = 42;
        var bytes = Hex.Bytes(CreateRank)[..MarksAt].Concat(Hex.Bytes(marks)).ToArray();
        Assert.Null(Echo(RequestEcho.TryEcho, OpCode.CreateRank, bytes));
        bytes = [.. bytes[..MarksAt], 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(bytes, Echo(RequestEcho.TryEcho, OpCode.CreateRank, bytes));
    }

    [Theory]
    [InlineData(5, 2, 0, 7, true, 7)]
    [InlineData(5, 3, 0, 7, false, 8)]
    [InlineData(5, -5, 0, 7, true, 0)]
    [InlineData(5, -6, 0, 7, false, -1)]
    [InlineData(long.MaxValue, 1, long.MinValue, long.MaxValue, false, long.MinValue)]
    [InlineData(long.MinValue, -1, long.MinValue, long.MaxValue, false, long.MaxValue)]
    [InlineData(0, long.MinValue, long.MinValue, long.MaxValue, true, long.MinValue)]
    [InlineData(-1, long.MinValue, long.MinValue, long.MaxValue, false, long.MaxValue)]
    public void A_sum_is_allowed_within_its_bounds(
        long value, long delta, long min, long max, bool isAllowed, long sum)
    {
        Assert.Equal(isAllowed, new CounterAdd(delta, min, max).TryAdd(value, out var found));
        Assert.Equal(sum, found);
    }

    private delegate bool Echoes(OpCode op, scoped ref JuteReader reader, scoped ref JuteWriter writer);

    private static byte[]? Echo(Echoes echo, OpCode op, byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var reader = new JuteReader(bytes);
        var writer = new JuteWriter(output);
        if (!echo(op, ref reader, ref writer))
            return null;
        writer.Complete();
        return output.WrittenSpan.ToArray();
    }
}
