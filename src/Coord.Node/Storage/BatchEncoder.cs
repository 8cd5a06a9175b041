using System.Buffers.Binary;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Encodes one batch into one pinned buffer that is used again for the next (raft-design P6): one positional write, no
/// allocation per entry. A batch counts only with its end frame (P11).
/// </summary>
internal sealed class BatchEncoder
{
    private const int InitialBytes = 256 * 1024;

    // A buffer grown for one batch of the largest entries is given back afterwards.
    private const int KeptBytes = 8 * 1024 * 1024;

    /// <summary>How far apart places are noted: what a reader scans at most before the entry it wants.</summary>
    public const int PlaceBytes = 64 * 1024;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(InitialBytes, pinned: true);
    private int _length;
    private int _frames;
    private uint _crc;
    private ulong _salt;
    private long _batch;
    private long _firstIndex;
    private long _lastIndex;
    private int _bytesSincePlace;

    /// <summary>Where to find the batch's entries: the first of each append, and one every few tens of KiB.</summary>
    public List<EntryPlace> Places { get; } = [];

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>Checksum of the last frame: where the next batch's chain starts.</summary>
    public uint Crc => _crc;

    public void Begin(long batch, uint previousCrc, ulong salt)
    {
        _batch = batch;
        _crc = previousCrc;
        _salt = salt;
        _length = 0;
        _frames = 0;
        _firstIndex = 0;
        _lastIndex = 0;
        Places.Clear();
        if (_buffer.Length > KeptBytes)
            _buffer = GC.AllocateUninitializedArray<byte>(InitialBytes, pinned: true);
    }

    public void AddEntries(int item, IReadOnlyList<Entry> entries)
    {
        _bytesSincePlace = int.MaxValue;
        if (entries is Entry[] array)
        {
            foreach (ref readonly var entry in array.AsSpan())
                AddEntry(item, entry);
        }
        else
        {
            foreach (var entry in entries)
                AddEntry(item, entry);
        }
    }

    public void AddTermAndVote(HardState state)
    {
        var frame = BeginFrame(FrameKind.TermAndVote, FrameHeader.TermAndVoteLength);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], state.Term.Value);
        BinaryPrimitives.WriteInt32LittleEndian(frame[32..], state.VotedFor?.Value ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(frame[36..], 0);
        EndFrame(frame);
    }

    public void AddSnapshotMark(SnapshotMark mark, bool reset)
    {
        var frame = BeginFrame(FrameKind.SnapshotMark, FrameHeader.SnapshotMarkLength);
        frame[17] = reset ? FrameHeader.ResetFlag : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], mark.Index.Value);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], mark.Term.Value);
        EndFrame(frame);
    }

    public void EndBatch()
    {
        var frames = _frames;
        var bytes = _length;
        var frame = BeginFrame(FrameKind.BatchEnd, FrameHeader.BatchEndLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], frames);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], bytes);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], _firstIndex);
        BinaryPrimitives.WriteInt64LittleEndian(frame[40..], _lastIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[48..], _salt);
        EndFrame(frame);
    }

    /// <summary>Ends a segment: a batch of its own, without an end frame.</summary>
    public void AddSegmentEnd() => EndFrame(BeginFrame(FrameKind.SegmentEnd, 0));

    private void AddEntry(int item, in Entry entry)
    {
        if (_bytesSincePlace >= PlaceBytes)
        {
            Places.Add(new EntryPlace(item, entry.Index.Value, _length, _crc));
            _bytesSincePlace = 0;
        }

        var frame = BeginFrame(FrameKind.Entry, FrameHeader.EntryHeaderLength + entry.Payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], FrameHeader.EntryHeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], entry.Index.Value);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], entry.Term.Value);
        frame[40] = (byte)entry.Kind;
        entry.Payload.Span.CopyTo(frame[41..]);
        EndFrame(frame);
        _bytesSincePlace += frame.Length;
        if (_firstIndex == 0)
            _firstIndex = entry.Index.Value;

        _lastIndex = entry.Index.Value;
    }

    private Span<byte> BeginFrame(FrameKind kind, int payloadLength)
    {
        var length = checked((int)FrameHeader.Align((long)FrameHeader.Length + payloadLength));
        if (_buffer.Length - _length < length)
            Grow(length);

        var frame = _buffer.AsSpan(_length, length);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[^8..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payloadLength);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], _batch);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], (byte)kind);
        _length += length;
        _frames++;
        return frame;
    }

    private void EndFrame(Span<byte> frame)
    {
        _crc = FrameHeader.Checksum(_crc, _salt, frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], _crc);
    }

    private void Grow(int length)
    {
        var size = Math.Max((long)_buffer.Length * 2, (long)_length + length);
        var grown = GC.AllocateUninitializedArray<byte>(checked((int)size), pinned: true);
        _buffer.AsSpan(0, _length).CopyTo(grown);
        _buffer = grown;
    }
}
