namespace Coord.Node.Storage;

/// <summary>An open file. Reads see earlier writes; only what was flushed survives a loss of power.</summary>
internal interface IFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the span from the offset on; returns fewer bytes only at the end of the file.</summary>
    int Read(long offset, Span<byte> bytes);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Gives back what lies behind the length. It may be durable at once, so of no file whose name a crash may bring
    /// back.
    /// </summary>
    void Shorten(long length);

    /// <summary>
    /// Forgets what memory holds of the file, as far as it is durable: what is read next comes from the disk.
    /// </summary>
    void DropCache();

    /// <summary>
    /// Returns when everything written is durable. A failure is never to be retried (raft-design P3).
    /// </summary>
    void FlushData();
}
