using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// The sender's side of one transfer, without a socket or a thread: what to send next, and what an answer means
/// (raft-design S6). Chunks are acknowledged in order; a small window of them is under way.
/// </summary>
internal sealed class SnapshotSending(SnapshotSource source, Term leaderTerm, NodeLimits limits)
{
    private readonly SnapshotFile file = source.Snapshot;
    private bool isOffered;
    private bool isAnswered;
    private long sent;
    private long stored;

    /// <summary>How it ended; null while it goes on.</summary>
    public SnapshotOutcome? Outcome { get; private set; }

    /// <summary>The receiver said something that does not fit: the transfer is given up.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What can be sent now; null while an answer must come first.</summary>
    public SnapshotMessage? Next()
    {
        if (!isOffered)
        {
            isOffered = true;
            return new SnapshotOffer(leaderTerm, file);
        }

        var window = (long)limits.SnapshotChunksInFlightMax * limits.SnapshotChunkBytes;
        if (!isAnswered || sent == file.Length || sent - stored >= window)
            return null;
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(limits.SnapshotChunkBytes, file.Length - sent));
        var count = source.Read(sent, bytes);
        if (count < bytes.Length)
        {
            IsBroken = true; // The file is shorter than its own footer says: not a thing to spread.
            return null;
        }

        var chunk = new SnapshotChunk(sent, bytes);
        sent += count;
        return chunk;
    }

    /// <summary>Takes an answer.</summary>
    public void Receive(SnapshotMessage? answer)
    {
        switch (answer)
        {
            case SnapshotResume resume when !isAnswered && resume.Offset >= 0 && resume.Offset <= file.Length:
                isAnswered = true;
                sent = stored = resume.Offset;
                break;
            case SnapshotStored acknowledged when acknowledged.Offset > stored && acknowledged.Offset <= sent:
                stored = acknowledged.Offset;
                break;
            case SnapshotVerdict verdict:
                Outcome = verdict.Outcome;
                break;
            default:
                IsBroken = true;
                break;
        }
    }
}
