using Coord.Node.Storage;

namespace Coord.Fuzz.Files;

/// <summary>A file whose bytes are shared with its copies until it is written to.</summary>
internal sealed class MemoryFile(byte[] bytes) : IFile
{
    private byte[] _bytes = bytes;
    private int _length = bytes.Length;
    private bool _isShared = true;

    public long Length => _length;

    public MemoryFile Copy()
    {
        _isShared = true;
        return new MemoryFile(_bytes) { _length = _length };
    }

    public byte[] ToArray() => _bytes[.._length];

    public int Read(long offset, Span<byte> bytes)
    {
        var count = (int)Math.Clamp(_length - offset, 0, bytes.Length);
        _bytes.AsSpan((int)Math.Min(offset, _length), count).CopyTo(bytes);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var end = checked((int)offset + bytes.Length);
        if (_isShared || end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length, end));
        if (_isShared)
            _bytes = (byte[])_bytes.Clone();

        _isShared = false;
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        _length = Math.Max(_length, end);
    }

    public void Shorten(long length)
    {
        if (length >= _length)
            return;

        _bytes = _bytes[..(int)length];
        _length = (int)length;
        _isShared = false;
    }

    public void DropCache()
    {
        // Memory is all there is.
    }

    public void FlushData()
    {
        // Nothing is ever lost here.
    }

    public void Dispose()
    {
        // The bytes stay.
    }
}
