using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coord.Node.Storage;

/// <summary>Reads a snapshot's chunks in order and verifies them, at the end also the whole file.</summary>
internal sealed class SnapshotReader : IDisposable
{
    private const int WindowBytes = 4 * 1024;

    private readonly string _path;
    private readonly FileWindow _window;
    private readonly IDisposable? _pin;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _offset = SnapshotFormat.HeaderLength;
    private uint _crc;
    private long _chunks;
    private long _chunkBytes;

    public SnapshotReader(IFile file, string path, UInt128 cluster, IDisposable? pin)
    {
        _path = path;
        _pin = pin;
        _window = new FileWindow(file, WindowBytes, retain: false);
        try
        {
            Id = ReadHeader(cluster);
        }
        catch (DataUnusableException)
        {
            Dispose();
            throw;
        }
    }

    public Peers.SnapshotId Id { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length => _window.Length;

    /// <summary>After the last chunk: the file's hash.</summary>
    public UInt128 Hash { get; private set; }

    /// <summary>
    /// The next chunk, valid until the next call; false after the last, when the footer has agreed too.
    /// </summary>
    /// <exception cref="DataUnusableException">The file is damaged or incomplete.</exception>
    public bool TryReadChunk(out ReadOnlySpan<byte> chunk)
    {
        var head = Take(SnapshotFormat.ChunkHeaderLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (length < 0 || length > _window.Length - _offset)
            throw Damaged("a chunk of impossible length");

        if (length == 0)
        {
            VerifyFooter(crc);
            chunk = default;
            return false;
        }

        // With the head of the next one, so that each chunk is one read of the file, and no byte is read twice.
        _hash.AppendData(head);
        Get(_window, _offset, (int)Math.Min((long)length + SnapshotFormat.ChunkHeaderLength, int.MaxValue), _path);
        chunk = Take(length);
        _crc = SnapshotFormat.ChunkCrc(_crc, chunk);
        if (_crc != crc)
            throw Damaged("a chunk's checksum is wrong");

        _chunks++;
        _chunkBytes += length;
        return true;
    }

    public void Dispose()
    {
        _hash.Dispose();
        _window.Dispose();
        _pin?.Dispose();
    }

    private Peers.SnapshotId ReadHeader(UInt128 cluster)
    {
        var header = Get(_window, 0, SnapshotFormat.HeaderLength, _path);
        if (!SnapshotFormat.TryReadHeader(header, cluster, out var id))
            throw new DataUnusableException(_path, 0, "corruption: not a snapshot of this cluster");

        _crc = SnapshotFormat.FirstCrc(header);
        _hash.AppendData(header);
        return id;
    }

    private void VerifyFooter(uint crc)
    {
        var body = Take(SnapshotFormat.FooterLength - SnapshotFormat.ChunkHeaderLength);
        var hash = _hash.GetHashAndReset();
        if (SnapshotFormat.ChunkCrc(_crc, body) != crc || BinaryPrimitives.ReadInt64LittleEndian(body) != _chunks
            || BinaryPrimitives.ReadInt64LittleEndian(body[8..]) != _chunkBytes
            || !body[16..].SequenceEqual(hash) || _offset != _window.Length)
            throw Damaged("the footer does not fit");

        Hash = BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var bytes = Get(_window, _offset, count, _path);
        if (bytes.Length < count)
            throw Damaged("the file ends without its footer");

        _offset += count;
        return bytes;
    }

    // A sector that cannot be read is as lost as one that was changed.
    private static ReadOnlySpan<byte> Get(FileWindow window, long offset, int count, string path)
    {
        try
        {
            return window.Get(offset, count);
        }
        catch (IOException e)
        {
            throw new DataUnusableException(path, offset, $"it cannot be read: {e.Message}");
        }
    }

    private DataUnusableException Damaged(string what) => new(_path, _offset, $"corruption: {what}");
}
