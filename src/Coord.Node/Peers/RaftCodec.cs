using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Payloads of the consensus core's messages. Every field is a fixed-size integer in the order of the record; an
/// entry
/// is its payload length (i32), kind (u8), three zero bytes, term (i64) and payload, its index follows from the
/// first.
/// </summary>
internal static class RaftCodec
{
    private const int AppendHeaderBytes = (5 * 8) + 4;
    private const int EntryHeaderBytes = 4 + 4 + 8;

    public static PeerMessageKind Kind(RaftMessage message) => message switch
    {
        AppendRequest => PeerMessageKind.AppendRequest,
        AppendResponse => PeerMessageKind.AppendResponse,
        Heartbeat => PeerMessageKind.Heartbeat,
        HeartbeatResponse => PeerMessageKind.HeartbeatResponse,
        VoteRequest => PeerMessageKind.VoteRequest,
        VoteResponse => PeerMessageKind.VoteResponse,
        TimeoutNow => PeerMessageKind.TimeoutNow,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such message on the wire."),
    };

    public static int PayloadLength(RaftMessage message) => message switch
    {
        AppendRequest append => AppendHeaderBytes + EntriesLength(append.Entries),
        AppendResponse => (5 * 8) + 1,
        Heartbeat => 3 * 8,
        HeartbeatResponse => (2 * 8) + 1,
        VoteRequest => (3 * 8) + 2,
        VoteResponse => 8 + 2,
        _ => 8,
    };

    public static void Write(RaftMessage message, ref WireWriter writer)
    {
        writer.Int64(message.Term.Value);
        switch (message)
        {
            case AppendRequest append:
                WriteAppend(append, ref writer);
                break;
            case AppendResponse answer:
                writer.Flag(answer.Accepted);
                writer.Int64(answer.Index.Value);
                writer.Int64(answer.HintIndex.Value);
                writer.Int64(answer.HintTerm.Value);
                writer.Int64(answer.BarrierRound);
                break;
            case Heartbeat heartbeat:
                writer.Int64(heartbeat.Commit.Value);
                writer.Int64(heartbeat.BarrierRound);
                break;
            case HeartbeatResponse answer:
                writer.Int64(answer.BarrierRound);
                writer.Flag(answer.IsStorageFull);
                break;
            case VoteRequest vote:
                writer.Int64(vote.LastIndex.Value);
                writer.Int64(vote.LastTerm.Value);
                writer.Flag(vote.PreVote);
                writer.Flag(vote.Transfer);
                break;
            case VoteResponse vote:
                writer.Flag(vote.Granted);
                writer.Flag(vote.PreVote);
                break;
        }
    }

    /// <summary>
    /// Null for a kind that is no message of the core. Whether all fields were there, the reader knows.
    /// </summary>
    public static RaftMessage? Read(PeerMessageKind kind, ref WireReader reader)
    {
        var term = new Term(reader.Int64());
        return kind switch
        {
            PeerMessageKind.AppendRequest => ReadAppend(term, ref reader),
            PeerMessageKind.AppendResponse => new AppendResponse(
                term, reader.Flag(), Index(ref reader), Index(ref reader), new Term(reader.Int64()), reader.Int64()),
            PeerMessageKind.Heartbeat => new Heartbeat(term, Index(ref reader), reader.Int64()),
            PeerMessageKind.HeartbeatResponse => new HeartbeatResponse(term, reader.Int64(), reader.Flag()),
            PeerMessageKind.VoteRequest => new VoteRequest(
                term, Index(ref reader), new Term(reader.Int64()), reader.Flag(), reader.Flag()),
            PeerMessageKind.VoteResponse => new VoteResponse(term, reader.Flag(), reader.Flag()),
            PeerMessageKind.TimeoutNow => new TimeoutNow(term),
            _ => null,
        };
    }

    private static LogIndex Index(ref WireReader reader) => new(reader.Int64());

    private static int EntriesLength(IReadOnlyList<Entry> entries)
    {
        var length = entries.Count * EntryHeaderBytes;
        for (var i = 0; i < entries.Count; i++)
            length += entries[i].Payload.Length;
        return length;
    }

    private static void WriteAppend(AppendRequest append, ref WireWriter writer)
    {
        writer.Int64(append.PreviousIndex.Value);
        writer.Int64(append.PreviousTerm.Value);
        writer.Int64(append.Commit.Value);
        writer.Int64(append.BarrierRound);
        writer.Int32(append.Entries.Count);
        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            writer.Int32(entry.Payload.Length);
            writer.Int32((byte)entry.Kind);
            writer.Int64(entry.Term.Value);
            writer.Bytes(entry.Payload.Span);
        }
    }

    private static AppendRequest ReadAppend(Term term, ref WireReader reader)
    {
        var previous = Index(ref reader);
        var previousTerm = new Term(reader.Int64());
        var commit = Index(ref reader);
        var round = reader.Int64();
        var entries = new Entry[reader.Count(EntryHeaderBytes)];
        for (var i = 0; i < entries.Length; i++)
        {
            var length = reader.Int32();
            var kind = (EntryKind)reader.Byte();
            reader.Zeros(3);
            if (kind > EntryKind.FeatureLevel)
                reader.Fail(); // raft-design I7: never stored, since it could not be applied.
            var entryTerm = new Term(reader.Int64());
            entries[i] = new Entry(entryTerm, previous + (i + 1), kind, reader.Slice(length));
        }

        return new AppendRequest(term, previous, previousTerm, commit, round, entries);
    }
}
