using System.Buffers.Binary;
using System.Security.Cryptography;
using Coord.Node.Peers;

namespace Coord.Node.Storage;

/// <summary>
/// Writes a snapshot beside the log: temporary file, flush, rename, flush of the directory (raft-design S3). It exists
/// for nobody before <see cref="Complete"/>; disposed earlier it leaves nothing.
/// </summary>
internal sealed class SnapshotFileWriter : IDisposable
{
    private readonly SnapshotStore _store;
    private readonly IFileSystem _files;
    private readonly string _temporaryPath;
    private readonly int _flushBytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IFile? _file;
    private byte[] _buffer = [];
    private long _offset;
    private long _flushedOffset;
    private long _chunks;
    private long _chunkBytes;
    private uint _crc;

    public SnapshotFileWriter(
        SnapshotStore store, IFileSystem files, string temporaryPath, UInt128 cluster, SnapshotId id, int flushBytes)
    {
        _store = store;
        _files = files;
        _temporaryPath = temporaryPath;
        _flushBytes = flushBytes;
        Id = id;
        _file = files.Open(temporaryPath, FileOpen.Create);
        Span<byte> header = stackalloc byte[SnapshotFormat.HeaderLength];
        SnapshotFormat.WriteHeader(header, cluster, id);
        _hash.AppendData(header);
        _crc = SnapshotFormat.FirstCrc(header);
        try
        {
            Write(header);
        }
        catch (StorageFullException)
        {
            Dispose();
            throw;
        }
    }

    public SnapshotId Id { get; }

    /// <summary>Bytes of the file so far.</summary>
    public long Length => _offset;

    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IsEmpty)
            return;

        var length = SnapshotFormat.ChunkHeaderLength + chunk.Length;
        if (_buffer.Length < length)
            _buffer = GC.AllocateUninitializedArray<byte>(length);

        _crc = SnapshotFormat.ChunkCrc(_crc, chunk);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, chunk.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(4), _crc);
        chunk.CopyTo(_buffer.AsSpan(SnapshotFormat.ChunkHeaderLength));
        _hash.AppendData(_buffer.AsSpan(0, SnapshotFormat.ChunkHeaderLength));
        _chunks++;
        _chunkBytes += chunk.Length;
        Write(_buffer.AsSpan(0, length));

        // raft-design S4: in small portions, so that the log's own flushes stay short.
        if (_offset - _flushedOffset >= _flushBytes)
            Flush();
    }

    /// <summary>
    /// Makes the snapshot durable under its name. Only now may the log be told of it (raft-design S3).
    /// </summary>
    public SnapshotFile Complete()
    {
        var hash = _hash.GetHashAndReset();
        Span<byte> footer = stackalloc byte[SnapshotFormat.FooterLength];
        SnapshotFormat.WriteFooter(footer, _crc, _chunks, _chunkBytes, hash);
        Write(footer);
        Flush();
        _file!.Dispose();
        _file = null;
        var complete = new SnapshotFile(Id, _offset, BinaryPrimitives.ReadUInt128LittleEndian(hash));
        _store.Publish(_temporaryPath, complete);
        return complete;
    }

    public void Dispose()
    {
        _hash.Dispose();
        if (_file is null)
            return;

        _file.Dispose();
        _file = null;
        SnapshotStore.Guard(_temporaryPath, () => _files.Delete(_temporaryPath));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file!.Write(_offset, bytes);
            _offset += bytes.Length;
        }
        catch (IOException e) when (e is not StorageFullException)
        {
            throw SnapshotStore.Failed(_temporaryPath, e);
        }
    }

    private void Flush()
    {
        try
        {
            _file!.FlushData();
            _flushedOffset = _offset;
        }
        catch (IOException e) when (e is not StorageFullException)
        {
            throw SnapshotStore.Failed(_temporaryPath, e);
        }
    }
}
