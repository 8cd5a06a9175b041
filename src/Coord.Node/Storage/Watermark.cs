namespace Coord.Node.Storage;

/// <summary>
/// The file <c>watermark</c>: number of a batch known to be durable, written after its flush and itself never flushed
/// on the way but at a start and for the first batch of each segment, so a lower bound. It lets damage to the last
/// acknowledged batch be told from a torn write, and a lost segment from one that was never begun (raft-design 11).
/// </summary>
internal sealed class Watermark : IDisposable
{
    // A loss of power forgets at most what the kernel writes back within its own interval; writing more often costs a
    // system call per batch for nothing.
    private const int BatchesBetween = 64;

    private readonly SlotFile _file;

    public Watermark(IFileSystem files, string path)
    {
        // Unreadable slots tell nothing; the bound then is zero.
        _file = SlotFile.Open(files, path) ?? SlotFile.Create(files, path, 0);
    }

    /// <summary>A batch that was durable.</summary>
    public long Batch => _file.Value;

    /// <summary>Notes a durable batch if the last note is long ago.</summary>
    public void Advance(long batch)
    {
        if (batch - _file.Value >= BatchesBetween)
            _file.Write(batch);
    }

    /// <summary>Notes a durable batch now: the writer has nothing else to do.</summary>
    public void Settle(long batch)
    {
        if (batch > _file.Value)
            _file.Write(batch);
    }

    /// <summary>
    /// Notes a durable batch, durably: the first of a segment, or the last that was read at a start. A segment that
    /// holds any must never vanish unseen.
    /// </summary>
    public void Secure(long batch)
    {
        if (batch <= _file.Value)
            return;

        _file.Write(batch);
        _file.Flush();
    }

    /// <summary>After a cut: what was durable is no longer there. Durable when it returns.</summary>
    public void Lower(long batch)
    {
        if (batch >= _file.Value)
            return;

        _file.Write(batch);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();
}
