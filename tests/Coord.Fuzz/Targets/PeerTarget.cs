using Coord.Fuzz.Bytes;
using Coord.Fuzz.Runs;
using Coord.Node.Peers;

namespace Coord.Fuzz.Targets;

/// <summary>
/// Messages between nodes (PeerCodec, RaftCodec), frames of a snapshot's connection (SnapshotCodec), and the stream
/// that they are cut from (FrameAssembler). What is accepted must encode to the same bytes again.
/// </summary>
internal sealed class PeerTarget : IFuzzTarget
{
    private const int FrameBytesMax = 64 * 1024;

    private long _refused;
    private long _accepted;

    public string Name => "peer";

    // A stream's buffer, its frames and what they decode to; the longest frame that a header may claim twice over.
    public long AllocationMax => 4 * FrameBytesMax;

    public void Prepare(ulong seed)
    {
        // Every case makes its own messages.
    }

    public void Run(CaseRandom random)
    {
        var isSnapshot = random.Chance(0.3);
        if (!isSnapshot && random.Chance(0.3))
        {
            RunStream(random);
            return;
        }

        var frame = isSnapshot ? SampleMessages.SnapshotFrame(random) : SampleMessages.PeerFrame(random);
        var other = isSnapshot ? SampleMessages.SnapshotFrame(random) : SampleMessages.PeerFrame(random);
        var mutated = random.Chance(0.02) ? frame : Mutation.Of(frame, other, random);
        if (random.Chance(0.8))
            Frames.Seal(mutated);

        var again = isSnapshot ? DecodeSnapshot(mutated) : DecodePeer(mutated);
        Judge(again, mutated, mutate: !ReferenceEquals(mutated, frame));
    }

    public string Describe() => $"accepted={_accepted} refused={_refused}";

    private static byte[]? DecodePeer(byte[] frame)
    {
        if (!PeerCodec.TryRead(frame, out var message))
            return null;

        var again = new byte[PeerCodec.FrameLength(message!)];
        PeerCodec.Write(message!, again);
        return again;
    }

    private static byte[]? DecodeSnapshot(byte[] frame) =>
        SnapshotCodec.Read(frame) is { } message ? SnapshotCodec.Write(message) : null;

    private void Judge(byte[]? again, byte[] bytes, bool mutate)
    {
        if (again is null)
            _refused++;
        else
            _accepted++;

        if (again is null && !mutate)
            throw new FuzzFailedException($"a valid frame is refused: {Convert.ToHexString(bytes)}");

        if (again is not null && !again.AsSpan().SequenceEqual(bytes))
        {
            throw new FuzzFailedException(
                $"accepted {Convert.ToHexString(bytes)}, which is written as {Convert.ToHexString(again)}");
        }
    }

    // A stream of frames, mutated, arriving in pieces of any size: what is taken is the beginning of the stream.
    private void RunStream(CaseRandom random)
    {
        byte[] stream = [];
        for (var count = random.Between(1, 5); count > 0; count--)
            stream = [.. stream, .. SampleMessages.PeerFrame(random)];

        stream = Mutation.Of(stream, stream, random);
        var assembler = new FrameAssembler(random.Pick([64, 256, 4096]), FrameBytesMax);
        var (sent, taken) = (0, 0);
        while (sent < stream.Length && !assembler.IsBroken)
        {
            var space = assembler.Space;
            if (space.IsEmpty)
                throw new FuzzFailedException("the assembler has no space, and no frame to take");

            var count = Math.Min(Math.Min(random.Between(1, 300), space.Length), stream.Length - sent);
            stream.AsSpan(sent, count).CopyTo(space.Span);
            assembler.Received(count);
            sent += count;
            while (assembler.TryTake(out var frame))
            {
                if (!stream.AsSpan(taken, frame.Length).SequenceEqual(frame))
                    throw new FuzzFailedException("the assembler made a frame that is not in the stream");

                taken += frame.Length;
                Judge(DecodePeer(frame), frame, mutate: true);
            }
        }
    }
}
