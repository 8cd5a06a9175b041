using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Reads the batches of one segment, one after the other, verifying every frame. A batch's frames are handed out only
/// when its end frame is there and agrees (raft-design P11).
/// </summary>
internal sealed class BatchScanner
{
    private const byte MembershipKind = 2;
    private const byte FeatureLevelKind = 4;

    private readonly FileWindow _window;
    private readonly ulong _salt;
    private readonly List<StagedFrame> _staged = [];
    private readonly List<Entry> _core = [];

    public BatchScanner(FileWindow window, SegmentHeader header)
    {
        _window = window;
        _salt = header.Salt;
        Offset = SegmentHeader.Length;
        Crc = header.PreviousCrc;
        Batch = header.FirstBatch - 1;
    }

    /// <summary>Where the next batch begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Checksum of the last frame of the last complete batch.</summary>
    public uint Crc { get; private set; }

    /// <summary>Number of the last complete batch.</summary>
    public long Batch { get; private set; }

    /// <summary>After <see cref="ScanResult.Invalid"/>: where the frame stands that is wrong.</summary>
    public long FaultOffset { get; private set; }

    /// <summary>After <see cref="ScanResult.Invalid"/>: what is wrong with it.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The frames of the batch just read, without its end frame.</summary>
    public ReadOnlySpan<StagedFrame> Frames => CollectionsMarshal.AsSpan(_staged);

    /// <summary>Those of its entries that a starting core needs itself.</summary>
    public IReadOnlyList<Entry> CoreEntries => _core;

    // Compiled in full at once: a start is over before what runs from the first moment on would be found out to be hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ScanResult ReadBatch()
    {
        _staged.Clear();
        _core.Clear();
        var offset = Offset;
        var crc = Crc;
        while (TryReadFrame(offset, crc, out var header, out var payload))
        {
            var next = offset + header.FrameLength;
            if (header.Kind is FrameKind.BatchEnd or FrameKind.SegmentEnd)
            {
                if (!EndsBatch(header, payload, offset))
                    return ScanResult.Invalid;

                Offset = next;
                Crc = header.Crc;
                Batch++;
                return header.Kind == FrameKind.BatchEnd ? ScanResult.Batch : ScanResult.SegmentEnd;
            }

            if (!Stage(header, payload, offset, crc))
                return ScanResult.Invalid;

            offset = next;
            crc = header.Crc;
        }

        return ScanResult.Invalid;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadFrame(long offset, uint crc, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var bytes = _window.Get(offset, FrameHeader.Length);
        if (bytes.Length < FrameHeader.Length)
        {
            header = default;
            return Fail(offset, "the segment ends without its end frame");
        }

        header = FrameHeader.Read(bytes);
        if (!header.IsPlausible || header.Batch != Batch + 1 || offset + header.FrameLength > _window.Length)
            return Fail(offset, "no valid frame header");

        var frame = _window.Get(offset, (int)header.FrameLength);
        if (FrameHeader.Checksum(crc, _salt, frame) != header.Crc)
            return Fail(offset, "a frame's checksum is wrong");

        payload = frame.Slice(FrameHeader.Length, header.PayloadLength);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Stage(in FrameHeader header, ReadOnlySpan<byte> payload, long offset, uint previousCrc)
    {
        var expected = header.Kind switch
        {
            FrameKind.Entry => FrameHeader.EntryHeaderLength,
            FrameKind.TermAndVote => FrameHeader.TermAndVoteLength,
            _ => FrameHeader.SnapshotMarkLength,
        };
        var isEntry = header.Kind == FrameKind.Entry;
        if (isEntry ? payload.Length < expected || header.Extra != expected : payload.Length != expected)
            return Fail(offset, $"a frame of kind {header.Kind} has an impossible length");

        var first = BinaryPrimitives.ReadInt64LittleEndian(payload);
        var second = BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
        var isState = header.Kind == FrameKind.TermAndVote;

        // raft-design M4: the history of memberships is part of what a starting core is given.
        var isForCore = isEntry && (payload[16] is MembershipKind or FeatureLevelKind);
        if (isForCore)
        {
            var bytes = payload[FrameHeader.EntryHeaderLength..].ToArray();
            _core.Add(new Entry(new Term(second), new LogIndex(first), (EntryKind)payload[16], bytes));
        }

        _staged.Add(new StagedFrame(
            header.Kind,
            header.Flags == FrameHeader.ResetFlag,
            isForCore,
            isState ? (int)second : 0,
            isState ? 0 : first,
            isState ? first : second,
            offset,
            previousCrc,
            (int)header.FrameLength));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool EndsBatch(in FrameHeader header, ReadOnlySpan<byte> payload, long offset)
    {
        if (header.Kind == FrameKind.SegmentEnd)
            return (_staged.Count == 0 && payload.IsEmpty) || Fail(offset, "a segment end within a batch");

        long first = 0;
        long last = 0;
        foreach (ref readonly var frame in Frames)
        {
            if (frame.Kind != FrameKind.Entry)
                continue;

            first = first == 0 ? frame.Index : first;
            last = frame.Index;
        }

        var agrees = payload.Length == FrameHeader.BatchEndLength && header.Extra == _staged.Count
            && BinaryPrimitives.ReadInt64LittleEndian(payload) == offset - Offset
            && BinaryPrimitives.ReadInt64LittleEndian(payload[8..]) == first
            && BinaryPrimitives.ReadInt64LittleEndian(payload[16..]) == last
            && BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]) == _salt;
        return agrees || Fail(offset, "a batch end does not fit its batch");
    }

    private bool Fail(long offset, string fault)
    {
        FaultOffset = offset;
        Fault = fault;
        return false;
    }
}
