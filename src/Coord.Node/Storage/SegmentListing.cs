namespace Coord.Node.Storage;

/// <summary>
/// The segments found in the log folder, with their headers checked against their names and their owner.
/// </summary>
internal sealed class SegmentListing
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly LogIdentity _identity;

    public SegmentListing(IFileSystem files, string directory, LogIdentity identity)
    {
        _files = files;
        _directory = directory;
        _identity = identity;
    }

    /// <summary>What was being made when the process ended was never part of the log.</summary>
    public void DeleteTemporaryFiles()
    {
        foreach (var name in _files.List(_directory))
        {
            if (name.EndsWith(SegmentFiles.TemporaryExtension, StringComparison.Ordinal))
                _files.Delete(Path.Combine(_directory, name));
        }

        _files.FlushDirectory(_directory);
    }

    /// <summary>All segments by number.</summary>
    public List<SegmentFile> Read()
    {
        var names = _files.List(_directory)
            .Where(name => name.EndsWith(SegmentFiles.Extension, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return names.Select(ReadHeader).ToList();
    }

    private SegmentFile ReadHeader(string name)
    {
        var path = Path.Combine(_directory, name);
        if (!TryReadBlock(path, out var block, out var fault))
            return new SegmentFile(path, null, fault);

        if (!SegmentHeader.TryRead(block, out var header, out fault))
        {
            // raft-design I7: what a newer version wrote is not damaged, and nothing of it may be cut.
            return SegmentHeader.IsOtherFormat(block)
                ? throw new DataUnusableException(path, 0, fault)
                : new SegmentFile(path, null, $"corruption: {fault}");
        }

        if (header!.FileName != name)
            return new SegmentFile(path, null, $"corruption: this is segment {header.FileName} under a wrong name");

        return header.Identity == _identity
            ? new SegmentFile(path, header, "")
            : throw new DataUnusableException(path, 0, Describe(header.Identity));
    }

    private bool TryReadBlock(string path, out ReadOnlySpan<byte> block, out string fault)
    {
        var bytes = new byte[SegmentHeader.Length];
        block = default;
        fault = "";
        try
        {
            using var file = _files.Open(path, FileOpen.Read);
            block = bytes.AsSpan(0, file.Read(0, bytes));
            return true;
        }
        catch (IOException e)
        {
            fault = $"corruption: it cannot be read: {e.Message}";
            return false;
        }
    }

    private string Describe(LogIdentity found) =>
        $"the segment belongs to node {found.Node} (incarnation {found.Incarnation:x32}, cluster {found.Cluster:x32}), "
        + $"not to node {_identity.Node} (incarnation {_identity.Incarnation:x32}, cluster {_identity.Cluster:x32})";
}
