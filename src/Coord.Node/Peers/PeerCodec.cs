using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Encodes and decodes what travels on a link: pure, and safe against any bytes. Entries decode into slices of the
/// one
/// array that the frame came in, which is never pooled (raft-design K5).
/// </summary>
internal static class PeerCodec
{
    private const int ForwardedEntryHeaderBytes = 4;

    /// <summary>Bytes of the frame that <see cref="Write"/> makes of this message.</summary>
    public static int FrameLength(PeerMessage message) => PeerFrame.HeaderBytes + message switch
    {
        RaftPeerMessage raft => RaftCodec.PayloadLength(raft.Message),
        ForwardedEntries forwarded => ForwardedLength(forwarded),
        ContactReport report => 8 + 1 + 4 + (8 * report.Sessions.Length),
        ContactAnswer => 8 + 8 + 1,
        ReconfigForward forward => ReconfigCodec.LengthOf(forward),
        ReconfigAnswer => ReconfigCodec.AnswerBytes,
        StateDigest => 8 + 8,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such message on the wire."),
    };

    /// <summary>Writes one frame; the buffer holds at least <see cref="FrameLength"/> bytes.</summary>
    public static int Write(PeerMessage message, Span<byte> buffer)
    {
        var writer = new WireWriter(buffer[PeerFrame.HeaderBytes..]);
        return PeerFrame.Seal(buffer, WritePayload(message, ref writer), writer.Position);
    }

    /// <summary>
    /// Decodes one whole frame. False: damaged, of unknown kind, or not exactly what its kind says.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out PeerMessage? message)
    {
        message = null;
        if (!PeerFrame.TryOpen(frame, out var kind, out var payload))
            return false;
        var reader = new WireReader(payload);
        var read = ReadPayload(kind, ref reader);
        if (!reader.IsComplete)
            return false;
        message = read;
        return message is not null;
    }

    private static PeerMessageKind WritePayload(PeerMessage message, ref WireWriter writer)
    {
        switch (message)
        {
            case RaftPeerMessage raft:
                RaftCodec.Write(raft.Message, ref writer);
                return RaftCodec.Kind(raft.Message);
            case ForwardedEntries forwarded:
                writer.Int32(forwarded.Entries.Count);
                for (var i = 0; i < forwarded.Entries.Count; i++)
                {
                    writer.Int32(forwarded.Entries[i].Length);
                    writer.Bytes(forwarded.Entries[i].Span);
                }

                return PeerMessageKind.ForwardedEntries;
            case ContactReport report:
                writer.Int64(report.Id);
                writer.Flag(report.Barrier);
                writer.Int32(report.Sessions.Length);
                foreach (var session in report.Sessions)
                    writer.Int64(session);
                return PeerMessageKind.ContactReport;
            case ContactAnswer contact:
                writer.Int64(contact.Id);
                writer.Int64(contact.Index.Value);
                writer.Flag(contact.Accepted);
                return PeerMessageKind.ContactAnswer;
            case ReconfigForward forward:
                ReconfigCodec.Write(forward, ref writer);
                return PeerMessageKind.ReconfigForward;
            case ReconfigAnswer answer:
                ReconfigCodec.Write(answer, ref writer);
                return PeerMessageKind.ReconfigAnswer;
            case StateDigest state:
                writer.Int64(state.Index);
                writer.Int64((long)state.Digest);
                return PeerMessageKind.StateDigest;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message, "No such message on the wire.");
        }
    }

    private static PeerMessage? ReadPayload(PeerMessageKind kind, ref WireReader reader)
    {
        switch (kind)
        {
            case PeerMessageKind.ForwardedEntries:
                return ReadForwarded(ref reader);
            case PeerMessageKind.ContactReport:
                return ReadReport(ref reader);
            case PeerMessageKind.ContactAnswer:
                return new ContactAnswer(reader.Int64(), new LogIndex(reader.Int64()), reader.Flag());
            case PeerMessageKind.ReconfigForward:
                return ReconfigCodec.ReadForward(ref reader);
            case PeerMessageKind.ReconfigAnswer:
                return ReconfigCodec.ReadAnswer(ref reader);
            case PeerMessageKind.StateDigest:
                return new StateDigest(reader.Int64(), (ulong)reader.Int64());
            default:
                return RaftCodec.Read(kind, ref reader) is { } message ? new RaftPeerMessage(message) : null;
        }
    }

    private static int ForwardedLength(ForwardedEntries forwarded)
    {
        var length = 4 + (ForwardedEntryHeaderBytes * forwarded.Entries.Count);
        for (var i = 0; i < forwarded.Entries.Count; i++)
            length += forwarded.Entries[i].Length;
        return length;
    }

    private static ForwardedEntries ReadForwarded(ref WireReader reader)
    {
        var entries = new ReadOnlyMemory<byte>[reader.Count(ForwardedEntryHeaderBytes)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = reader.Slice(reader.Int32());
        return new ForwardedEntries(entries);
    }

    private static ContactReport ReadReport(ref WireReader reader)
    {
        var id = reader.Int64();
        var barrier = reader.Flag();
        var sessions = new long[reader.Count(8)];
        for (var i = 0; i < sessions.Length; i++)
            sessions[i] = reader.Int64();
        return new ContactReport(id, sessions, barrier);
    }
}
