using System.Runtime.CompilerServices;

namespace Coord.Node.Storage;

/// <summary>
/// Reads a file through one moving window, so that a log of any size is scanned in little memory. With
/// <c>retain</c> each window is a fresh array, and memory handed out stays valid for ever: entries are then slices of
/// the windows (raft-design K5: never pooled).
/// </summary>
internal sealed class FileWindow : IDisposable
{
    private readonly IFile _file;
    private readonly int _windowBytes;
    private readonly bool _retain;
    private byte[] _buffer = [];
    private long _start;
    private int _count;

    public FileWindow(IFile file, int windowBytes, bool retain)
    {
        _file = file;
        _windowBytes = windowBytes;
        _retain = retain;
        Length = file.Length;
    }

    public long Length { get; }

    /// <summary>The bytes at the offset; fewer than asked for only at the end of the file.</summary>
    public ReadOnlySpan<byte> Get(long offset, int count)
    {
        count = Hold(offset, count);
        return _buffer.AsSpan((int)(offset - _start), count);
    }

    public ReadOnlyMemory<byte> GetMemory(long offset, int count)
    {
        count = Hold(offset, count);
        return _buffer.AsMemory((int)(offset - _start), count);
    }

    /// <inheritdoc cref="IFile.DropCache"/>
    public void DropCache() => _file.DropCache();

    public void Dispose() => _file.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Hold(long offset, int count)
    {
        if (offset >= _start && offset + count <= _start + _count)
            return count;

        count = (int)Math.Clamp(Length - offset, 0, count);
        Fill(offset, count);
        return count;
    }

    private void Fill(long offset, int count)
    {
        var size = (int)Math.Min(Math.Max(count, _windowBytes), Length - offset);
        if (_retain || _buffer.Length < size)
            _buffer = GC.AllocateUninitializedArray<byte>(size);

        _start = offset;
        _count = _file.Read(offset, _buffer.AsSpan(0, size));
        if (_count < count)
            throw new IOException($"The file became shorter while it was read at offset {offset}.");
    }
}
