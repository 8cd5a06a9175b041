using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>Frames of a snapshot's connection: pure, and safe against any bytes.</summary>
internal static class SnapshotCodec
{
    private const int OfferBytes = (3 * 8) + 8 + 16;

    public static byte[] Write(SnapshotMessage message)
    {
        var payload = message switch
        {
            SnapshotOffer => OfferBytes,
            SnapshotChunk chunk => 8 + chunk.Bytes.Length,
            SnapshotVerdict => 1,
            _ => 8,
        };
        var frame = GC.AllocateUninitializedArray<byte>(PeerFrame.HeaderBytes + payload);
        var writer = new WireWriter(frame.AsSpan(PeerFrame.HeaderBytes));
        PeerFrame.Seal(frame, WritePayload(message, ref writer), writer.Position);
        return frame;
    }

    /// <summary>Null when the frame is damaged or holds something else.</summary>
    public static SnapshotMessage? Read(ReadOnlyMemory<byte> frame)
    {
        if (!PeerFrame.TryOpen(frame, out var kind, out var payload))
            return null;
        var reader = new WireReader(payload);
        SnapshotMessage? message = kind switch
        {
            PeerMessageKind.SnapshotOffer => ReadOffer(ref reader),
            PeerMessageKind.SnapshotResume => new SnapshotResume(reader.Int64()),
            PeerMessageKind.SnapshotChunk => new SnapshotChunk(reader.Int64(), reader.Slice(reader.Remaining)),
            PeerMessageKind.SnapshotChunkStored => new SnapshotStored(reader.Int64()),
            PeerMessageKind.SnapshotVerdict => new SnapshotVerdict((SnapshotOutcome)reader.Byte()),
            _ => null,
        };
        return reader.IsComplete ? message : null;
    }

    private static PeerMessageKind WritePayload(SnapshotMessage message, ref WireWriter writer)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                writer.Int64(offer.LeaderTerm.Value);
                writer.Int64(offer.File.Id.Index.Value);
                writer.Int64(offer.File.Id.Term.Value);
                writer.Int64(offer.File.Length);
                writer.UInt128(offer.File.Hash);
                return PeerMessageKind.SnapshotOffer;
            case SnapshotResume resume:
                writer.Int64(resume.Offset);
                return PeerMessageKind.SnapshotResume;
            case SnapshotChunk chunk:
                writer.Int64(chunk.Offset);
                writer.Bytes(chunk.Bytes.Span);
                return PeerMessageKind.SnapshotChunk;
            case SnapshotStored stored:
                writer.Int64(stored.Offset);
                return PeerMessageKind.SnapshotChunkStored;
            case SnapshotVerdict verdict:
                writer.Byte((byte)verdict.Outcome);
                return PeerMessageKind.SnapshotVerdict;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message, "No such message on the wire.");
        }
    }

    private static SnapshotOffer ReadOffer(ref WireReader reader)
    {
        var leaderTerm = new Term(reader.Int64());
        var id = new SnapshotId(new LogIndex(reader.Int64()), new Term(reader.Int64()));
        return new SnapshotOffer(leaderTerm, new SnapshotFile(id, reader.Int64(), reader.UInt128()));
    }
}
