namespace Coord.Node.Storage;

/// <summary>
/// Changes the files of a log that was scanned, so that it can be appended to. Whatever step a crash interrupts, the
/// next start finds the same prefix again and comes to the same end.
/// </summary>
internal sealed class LogRepair
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly NodeLimits _limits;

    public LogRepair(IFileSystem files, string directory, NodeLimits limits)
    {
        _files = files;
        _directory = directory;
        _limits = limits;
    }

    /// <summary>Deletes segments one by one, so that no crash leaves a hole between those that stay.</summary>
    public void Delete(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            _files.Delete(path);
            _files.FlushDirectory(_directory);
        }
    }

    /// <summary>
    /// Cuts a torn batch away, before anything is appended, so that no crash revives old bytes (raft-design P20).
    /// Flushes in any case: what a killed process wrote may so far stand in the page cache only, and is about to be
    /// called durable.
    /// </summary>
    public void CutTornTail(in LogTail tail, long writtenEnd)
    {
        using var file = _files.Open(PathOf(tail), FileOpen.Existing);
        WriteZeros(file, tail.Offset, writtenEnd);
        file.FlushData();
    }

    /// <summary>
    /// Cuts everything behind the tail (raft-design P21). The newest segments go first; the one that holds the tail is
    /// replaced by a copy of its good part, so that a sector that cannot be read, or a file that is too short, does
    /// not stay.
    /// </summary>
    /// <param name="tail">Where the good part ends.</param>
    /// <param name="behind">The segments behind it, oldest first.</param>
    public void CutBehind(in LogTail tail, IEnumerable<string> behind)
    {
        Delete(behind.Reverse());
        var path = PathOf(tail);
        if (tail.IsClosed && HasItsLength(path, tail.Segment!))
            return;

        var temporary = Path.Combine(_directory, "cut" + SegmentFiles.TemporaryExtension);
        using (var from = _files.Open(path, FileOpen.Read))
        using (var to = _files.Open(temporary, FileOpen.Create))
        {
            Copy(from, to, tail.Offset);
            WriteZeros(to, tail.Offset, tail.Segment!.FileLength);
            to.FlushData();
        }

        _files.Rename(temporary, path);
        _files.FlushDirectory(_directory);
    }

    private bool HasItsLength(string path, SegmentHeader segment)
    {
        using var file = _files.Open(path, FileOpen.Read);
        return file.Length == segment.FileLength;
    }

    private void Copy(IFile from, IFile to, long length)
    {
        using var window = new FileWindow(from, _limits.LogScanBytes, retain: false);
        for (long offset = 0; offset < length; offset += _limits.LogScanBytes)
            to.Write(offset, window.Get(offset, (int)Math.Min(_limits.LogScanBytes, length - offset)));
    }

    private void WriteZeros(IFile file, long from, long to)
    {
        var zeros = new byte[(int)Math.Min(Math.Max(to - from, 0), _limits.ZeroFillStepBytes)];
        for (var offset = from; offset < to; offset += zeros.Length)
            file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - offset)));
    }

    private string PathOf(in LogTail tail) => Path.Combine(_directory, tail.Segment!.FileName);
}
