using Coord.Fuzz.Bytes;
using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Fuzz.Targets;

/// <summary>Valid messages of every kind, with numbers of any size.</summary>
internal static class SampleMessages
{
    public static byte[] PeerFrame(CaseRandom random)
    {
        var message = Peer(random);
        var frame = new byte[PeerCodec.FrameLength(message)];
        PeerCodec.Write(message, frame);
        return frame;
    }

    public static byte[] SnapshotFrame(CaseRandom random) => SnapshotCodec.Write(Snapshot(random));

    private static PeerMessage Peer(CaseRandom random) => random.Below(11) switch
    {
        0 => new ForwardedEntries([.. Many(random, () => (ReadOnlyMemory<byte>)random.Bytes(random.Below(60)))]),
        1 => new ContactReport(random.AnyLong(), [.. Many(random, random.AnyLong)], random.Chance(0.5)),
        2 => new ContactAnswer(random.AnyLong(), Index(random), random.Chance(0.5)),
        _ => new RaftPeerMessage(Raft(random)),
    };

    private static RaftMessage Raft(CaseRandom random)
    {
        var (term, isSet) = (Term(random), random.Chance(0.5));
        return random.Below(8) switch
        {
            0 => new AppendResponse(term, isSet, Index(random), Index(random), Term(random), random.AnyLong()),
            1 => new Heartbeat(term, Index(random), random.AnyLong()),
            2 => new HeartbeatResponse(term, random.AnyLong(), isSet),
            3 => new VoteRequest(term, Index(random), Term(random), isSet, random.Chance(0.5)),
            4 => new VoteResponse(term, isSet, random.Chance(0.5)),
            5 => new TimeoutNow(term),
            _ => Append(term, random),
        };
    }

    private static AppendRequest Append(Term term, CaseRandom random)
    {
        var previous = new LogIndex(random.Below(1_000_000));
        var kinds = Enum.GetValues<EntryKind>();
        Entry[] entries =
        [
            .. Enumerable.Range(1, random.Below(6)).Select(i => new Entry(
                Term(random), previous + i, random.Pick(kinds), random.Bytes(random.Below(60)))),
        ];
        return new AppendRequest(term, previous, Term(random), Index(random), random.AnyLong(), entries);
    }

    private static SnapshotMessage Snapshot(CaseRandom random) => random.Below(5) switch
    {
        0 => new SnapshotOffer(Term(random), new SnapshotFile(
            new SnapshotId(Index(random), Term(random)), random.AnyLong(), (UInt128)random.Next() << 64)),
        1 => new SnapshotResume(random.AnyLong()),
        2 => new SnapshotStored(random.AnyLong()),
        3 => new SnapshotVerdict(random.Pick(Enum.GetValues<SnapshotOutcome>())),
        _ => new SnapshotChunk(random.AnyLong(), random.Bytes(random.Below(200))),
    };

    private static T[] Many<T>(CaseRandom random, Func<T> one) =>
        Enumerable.Range(0, random.Below(6)).Select(_ => one()).ToArray();

    private static Term Term(CaseRandom random) => new(random.AnyLong());

    private static LogIndex Index(CaseRandom random) => new(random.AnyLong());
}
