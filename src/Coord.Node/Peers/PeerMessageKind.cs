namespace Coord.Node.Peers;

/// <summary>What a peer frame holds. The numbers are on the wire: never reuse one.</summary>
internal enum PeerMessageKind : byte
{
    VoteRequest = 1,
    VoteResponse = 2,
    AppendRequest = 3,
    AppendResponse = 4,
    Heartbeat = 5,
    HeartbeatResponse = 6,
    TimeoutNow = 7,
    ForwardedEntries = 16,
    ContactReport = 17,
    ContactAnswer = 18,
    ReconfigForward = 19,
    ReconfigAnswer = 20,
    StateDigest = 21,
    Hello = 32,
    HelloAnswer = 33,
    SnapshotOffer = 48,
    SnapshotResume = 49,
    SnapshotChunk = 50,
    SnapshotChunkStored = 51,
    SnapshotEnd = 52,
    SnapshotVerdict = 53,
}
