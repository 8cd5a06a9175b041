using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Protocol.Tests;

/// <summary>What is written reads back, whatever the sizes and however the output hands out its room.</summary>
public class JuteWriterTests
{
    [Fact]
    public void Buffers_of_any_size_read_back() =>
        Prop.ForAll(Gen.Choose(0, 5000).Select(n => new byte[n]).ListOf().ToArbitrary(), buffers =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new JuteWriter(output);
            foreach (var buffer in buffers)
            {
                writer.WriteBuffer(buffer);
                writer.WriteInt64(long.MinValue);
                writer.WriteBool(true);
            }

            writer.Complete();
            var reader = new JuteReader(output.WrittenSpan);
            foreach (var buffer in buffers)
            {
                if (!reader.TryReadBuffer(out var bytes, out _) || bytes.Length != buffer.Length
                    || !reader.TryReadInt64(out var number) || number != long.MinValue
                    || !reader.TryReadBool(out var isTrue) || !isTrue)
                {
                    return false;
                }
            }

            return reader.Remaining == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_is_written_as_utf8_and_null_as_null()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(output);
        writer.WriteString("\u00e9");
        writer.WriteNullBuffer();
        writer.WriteNullable("x"u8, isNull: true);
        writer.WriteVectorCount(-1);
        writer.Complete();
        Assert.Equal("00000002c3a9ffffffffffffffffffffffff", Hex.Text(output.WrittenSpan));
    }
}
