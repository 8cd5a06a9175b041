using System.Text;

namespace Coord.Node.Storage;

/// <summary>
/// A durable fact about a node, as a file that holds one line: why. <c>recovering</c>: it may have lost something that
/// it promised (raft-design P30). <c>removed</c>: it is no member any more. That the file is there is what counts,
/// whatever became of the line.
/// </summary>
internal sealed class ReasonFile
{
    private const int BytesMax = 4096;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly string _path;

    public ReasonFile(IFileSystem files, string directory, string name)
    {
        _files = files;
        _directory = directory;
        _path = Path.Combine(directory, name);
        Because = Read();
    }

    /// <summary>Why; null when the file is not there.</summary>
    public string? Because { get; private set; }

    /// <summary>
    /// Writes the file; durable when it returns. The first reason is kept.
    /// </summary>
    public void Set(string because)
    {
        if (Because is not null)
            return;

        var line = Encoding.UTF8.GetBytes(because.ReplaceLineEndings(" "));
        var temporary = _path + SegmentFiles.TemporaryExtension;
        using (var file = _files.Open(temporary, FileOpen.Create))
        {
            file.Write(0, [.. line.AsSpan(0, Math.Min(line.Length, BytesMax - 1)), (byte)'\n']);
            file.FlushData();
        }

        _files.Rename(temporary, _path);
        _files.FlushDirectory(_directory);
        Because = because;
    }

    /// <summary>Removes the file, durably.</summary>
    public void Clear()
    {
        if (Because is null)
            return;

        _files.Delete(_path);
        _files.FlushDirectory(_directory);
        Because = null;
    }

    private string? Read()
    {
        if (!_files.Exists(_path))
            return null;

        // What a killed process renamed may so far be in memory only.
        _files.FlushDirectory(_directory);
        using var file = _files.Open(_path, FileOpen.Read);
        Span<byte> bytes = stackalloc byte[BytesMax];
        var line = Encoding.UTF8.GetString(bytes[..file.Read(0, bytes)]).Trim();
        return line.Length > 0 ? line : "the reason is no longer known";
    }
}
