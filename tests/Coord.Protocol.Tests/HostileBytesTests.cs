using System.Buffers;
using System.Buffers.Binary;

namespace Coord.Protocol.Tests;

/// <summary>Whatever the other side sends, reading ends with false, without memory by a claimed length.</summary>
public class HostileBytesTests
{
    [Theory]
    [MemberData(nameof(GoldenFrames.Requests), MemberType = typeof(GoldenFrames))]
    public void A_request_cut_anywhere_is_refused(string frame)
    {
        var record = GoldenFrames.Payload(frame)[RequestHeader.EncodedLength..];
        Assert.True(IsReadable(frame, record));
        for (var length = 0; length < record.Length; length++)
            Assert.False(IsReadable(frame, record.AsSpan(0, length)), $"cut to {length} of {record.Length} bytes");
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(5)]
    public void A_buffer_or_vector_longer_than_its_frame_is_refused_without_allocating(int length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var buffer = new JuteReader(bytes);
        var isBuffer = buffer.TryReadBuffer(out _, out _);
        var vector = new JuteReader(bytes);
        var isVector = vector.TryReadVectorCount(out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(isBuffer);
        Assert.False(isVector);
    }

    [Fact]
    public void Null_and_empty_stay_apart()
    {
        var reader = new JuteReader(Hex.Bytes("ffffffff 00000000"));
        Assert.True(reader.TryReadBuffer(out _, out var isNull));
        Assert.True(isNull);
        Assert.True(reader.TryReadBuffer(out var empty, out isNull));
        Assert.False(isNull);
        Assert.True(empty.IsEmpty);
    }

    [Fact]
    public void A_frame_is_judged_by_its_prefix_alone()
    {
        Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(Hex.Bytes("000000"), 100, out _));
        Assert.Equal(FrameStatus.Negative, FrameReader.TryRead(Hex.Bytes("ffffffff"), 100, out _));
        Assert.Equal(FrameStatus.TooLong, FrameReader.TryRead(Hex.Bytes("7fffffff"), 100, out _));
        Assert.Equal(FrameStatus.TooLong, FrameReader.TryRead(Hex.Bytes("00000003"), 2, out _));
        Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(Hex.Bytes("00000002 aa"), 2, out var length));
        Assert.Equal(2, length);
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(Hex.Bytes("00000002 aabb"), 2, out _));
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(Hex.Bytes("00000000"), 2, out _));
    }

    [Fact]
    public void A_frame_may_arrive_in_pieces_of_one_byte()
    {
        var bytes = Hex.Bytes("00000102 aabb");
        var last = new Piece(bytes.AsMemory(^1), null, bytes.Length - 1);
        var first = last;
        for (var i = bytes.Length - 2; i >= 0; i--)
            first = new Piece(bytes.AsMemory(i, 1), first, i);
        var sequence = new ReadOnlySequence<byte>(first, 0, last, 1);
        Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(sequence, 1000, out var length));
        Assert.Equal(0x102, length);
        Assert.Equal(FrameStatus.TooLong, FrameReader.TryRead(sequence, 10, out _));
        Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(sequence.Slice(0, 3), 10, out _));
    }

    private static bool IsReadable(string frame, ReadOnlySpan<byte> record)
    {
        var reader = new JuteReader(record);
        return frame switch
        {
            GoldenFrames.Create => CreateRequest.TryRead(ref reader, out _),
            GoldenFrames.GetData => PathWatchRequest.TryRead(ref reader, out _),
            GoldenFrames.Auth => AuthRequest.TryRead(ref reader, out _),
            GoldenFrames.SetWatches => SetWatchesRequest.TryRead(ref reader, out _),
            _ => MultiHeader.TryRead(ref reader, out _) && CreateRequest.TryRead(ref reader, out _)
                && MultiHeader.TryRead(ref reader, out _) && CheckVersionRequest.TryRead(ref reader, out _)
                && MultiHeader.TryRead(ref reader, out _),
        };
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? next, long index)
        {
            Memory = memory;
            Next = next;
            RunningIndex = index;
        }
    }
}
