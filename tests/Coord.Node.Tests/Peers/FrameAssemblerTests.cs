using Coord.Node.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Node.Tests.Peers;

public sealed class FrameAssemblerTests
{
    /// <summary>
    /// A stream has no edges: however it is cut, the same frames come out, longer than the buffer or not.
    /// </summary>
    [Fact]
    public void Frames_come_out_whole_however_the_stream_is_cut() =>
        Prop.ForAll(
            Gen.Choose(0, 300).ArrayOf().ToArbitrary(),
            Gen.Choose(1, 90).NonEmptyListOf().ToArbitrary(),
            (payloads, cuts) =>
            {
                var sent = payloads.Select(length => Frame(length)).ToArray();
                Assert.Equal(sent, Receive(new FrameAssembler(64, 10_000), [.. sent.SelectMany(f => f)], [.. cuts]));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_frame_over_the_limit_ends_the_stream()
    {
        var frames = new FrameAssembler(64, 100);
        Assert.Equal([Frame(20)], Receive(frames, [.. Frame(20), .. Frame(89)], [64]));
        Assert.True(frames.IsBroken);
    }

    private static byte[] Frame(int payloadBytes)
    {
        var frame = new byte[PeerFrame.HeaderBytes + payloadBytes];
        Array.Fill(frame, (byte)payloadBytes, PeerFrame.HeaderBytes, payloadBytes);
        PeerFrame.Seal(frame, PeerMessageKind.Heartbeat, payloadBytes);
        return frame;
    }

    private static List<byte[]> Receive(FrameAssembler frames, byte[] stream, int[] cuts)
    {
        var received = new List<byte[]>();
        var position = 0;
        for (var i = 0; position < stream.Length && !frames.IsBroken; i++)
        {
            var count = Math.Min(Math.Min(cuts[i % cuts.Length], frames.Space.Length), stream.Length - position);
            Assert.True(count > 0);
            stream.AsSpan(position, count).CopyTo(frames.Space.Span);
            frames.Received(count);
            position += count;
            while (frames.TryTake(out var frame))
                received.Add(frame);
        }

        return received;
    }
}
