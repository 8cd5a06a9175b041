using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>One thing for the log writer to write: an append of the core, or a snapshot mark.</summary>
internal readonly record struct LogItem(LogAppend? Append, SnapshotMark Mark, bool IsReset)
{
    /// <summary>Bytes on disk, roughly: what bounds a batch.</summary>
    public long CountBytes()
    {
        if (Append is null)
            return FrameHeader.Length + FrameHeader.SnapshotMarkLength;

        long bytes = FrameHeader.Length + FrameHeader.TermAndVoteLength;
        if (Append.Entries is Entry[] array)
        {
            foreach (ref readonly var entry in array.AsSpan())
                bytes += FrameHeader.Length + FrameHeader.EntryHeaderLength + entry.Payload.Length;
        }
        else
        {
            foreach (var entry in Append.Entries)
                bytes += FrameHeader.Length + FrameHeader.EntryHeaderLength + entry.Payload.Length;
        }

        return bytes;
    }
}
