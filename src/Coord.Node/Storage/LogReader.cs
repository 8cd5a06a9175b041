using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Reads durable entries back, with handles of its own, and verifies every checksum again: a node must not spread its
/// own bit rot (raft-design P22).
/// </summary>
internal sealed class LogReader : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly int _windowBytes;
    private readonly List<Entry> _entries = [];
    private FileWindow? _window;
    private SegmentHeader? _segment;
    private long _next;
    private long _bytesLeft;

    public LogReader(IFileSystem files, string directory, int windowBytes)
    {
        _files = files;
        _directory = directory;
        _windowBytes = windowBytes;
    }

    /// <summary>What was read so far.</summary>
    public List<Entry> Entries => _entries;

    /// <summary>The index that is wanted next.</summary>
    public long Next => _next;

    /// <summary>Whether the byte limit allows another entry. One entry always goes (raft-design R11).</summary>
    public bool HasRoom => _entries.Count == 0 || _bytesLeft > 0;

    public void Begin(long first, long bytesMax)
    {
        _next = first;
        _bytesLeft = bytesMax;
    }

    /// <summary>
    /// Reads on within one run, up to the index at which the next run begins. False when the segment is gone.
    /// </summary>
    /// <exception cref="LogDamagedException">The segment is there, and an entry in it is damaged.</exception>
    public bool ReadRun(in EntryRun run, SegmentHeader segment, long end)
    {
        var path = Path.Combine(_directory, segment.FileName);
        try
        {
            ReadRun(run, segment, end, WindowOf(segment, path), path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // Compacted meanwhile: the caller says so (raft-design R12).
        }
        catch (IOException e)
        {
            var damage = new LogDamage(path, run.Offset, $"a durable entry cannot be read: {e.Message}");
            throw new LogDamagedException(damage, segment.Number);
        }
    }

    public void Dispose() => _window?.Dispose();

    // The runs of a segment follow each other: what one reads ahead the next one has.
    private FileWindow WindowOf(SegmentHeader segment, string path)
    {
        if (_window is not null && segment == _segment)
            return _window;

        _window?.Dispose();
        _window = null;
        _window = new FileWindow(_files.Open(path, FileOpen.Read), _windowBytes, retain: true);
        _segment = segment;
        return _window;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRun(in EntryRun run, SegmentHeader segment, long end, FileWindow window, string path)
    {
        var salt = segment.Salt;
        var offset = run.Offset;
        var crc = run.PreviousCrc;
        while (_next < end && HasRoom)
        {
            var frame = ReadFrame(window, offset, crc, salt, segment, path);
            var header = FrameHeader.Read(frame.Span);
            if (header.Kind == FrameKind.Entry)
                TakeEntry(frame[..(FrameHeader.Length + header.PayloadLength)]);

            offset += header.FrameLength;
            crc = header.Crc;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlyMemory<byte> ReadFrame(
        FileWindow window, long offset, uint crc, ulong salt, SegmentHeader segment, string path)
    {
        var bytes = window.Get(offset, FrameHeader.Length);
        if (bytes.Length == FrameHeader.Length && FrameHeader.Read(bytes) is { IsPlausible: true } header
            && offset + header.FrameLength <= window.Length)
        {
            var frame = window.GetMemory(offset, (int)header.FrameLength);
            if (FrameHeader.Checksum(crc, salt, frame.Span) == header.Crc)
                return frame;
        }

        var damage = new LogDamage(path, offset, "corruption: a durable entry can no longer be read");
        throw new LogDamagedException(damage, segment.Number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeEntry(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.Span[FrameHeader.Length..];
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes) != _next)
            return; // Before the wanted one, within its run.

        var term = new Term(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        var payload = frame[(FrameHeader.Length + FrameHeader.EntryHeaderLength)..];
        _entries.Add(new Entry(term, new LogIndex(_next), (EntryKind)bytes[16], payload));
        _bytesLeft -= _entries[^1].CountedBytes;
        _next++;
    }
}
