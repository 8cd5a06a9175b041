namespace Coord.Node.Storage;

/// <summary>
/// Makes segment files: full of zeros and flushed before they get a name, so that appending changes no metadata and a
/// flush costs one write (raft-design P4).
/// </summary>
internal sealed class SegmentFactory
{
    private const long Block = 4096;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly NodeLimits _limits;

    public SegmentFactory(IFileSystem files, string directory, NodeLimits limits)
    {
        _files = files;
        _directory = directory;
        _limits = limits;
    }

    /// <summary>The first segment of an empty log.</summary>
    public SegmentHeader CreateFirst(LogIdentity identity)
    {
        var header = new SegmentHeader
        {
            Identity = identity,
            Number = 1,
            FirstIndex = 1,
            FirstBatch = 1,
            PreviousCrc = 0,
            FileLength = LengthFor(0),
            HardState = default,
            Mark = default,
        };
        Place(CreateZeros(header.FileLength), header);
        return header;
    }

    /// <summary>
    /// Length of a segment made in a hurry, because none is prepared: small, but with room for the batch.
    /// </summary>
    public long LengthFor(long batchBytes)
    {
        var needed = SegmentHeader.Length + batchBytes + FrameHeader.Length;
        return (Math.Max(needed, _limits.FirstSegmentBytes) + Block - 1) & -Block;
    }

    /// <summary>Writes a file full of zeros at once and returns its path.</summary>
    public string CreateZeros(long length)
    {
        var path = SegmentFiles.NextPath(_directory);
        using var file = _files.Open(path, FileOpen.Create);
        try
        {
            var zeros = new byte[(int)Math.Min(length, _limits.ZeroFillStepBytes)];
            for (long offset = 0; offset < length; offset += zeros.Length)
                file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - offset)));

            file.FlushData();
            return path;
        }
        catch (StorageFullException)
        {
            _files.Delete(path);
            throw;
        }
    }

    /// <summary>Gives a file of zeros its header, then its name; all durable when it returns (P5).</summary>
    public void Place(string path, SegmentHeader header)
    {
        var block = new byte[SegmentHeader.Length];
        header.Write(block);
        using (var file = _files.Open(path, FileOpen.Existing))
        {
            file.Write(0, block);
            file.FlushData();
        }

        _files.Rename(path, Path.Combine(_directory, header.FileName));
        _files.FlushDirectory(_directory);
    }
}
