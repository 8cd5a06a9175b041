using System.Buffers.Binary;

namespace Coord.Node.Storage;

/// <summary>
/// Tells a torn tail from corruption in the last segment: the table "Reading back" of raft-design 11. A disk writes
/// sectors whole, the segment was full of zeros before, and a batch is one write. So an interrupted write leaves at
/// least one of its sectors zero; damage to a completed write does not.
/// </summary>
internal sealed class TailJudge
{
    private const int SectorBytes = 512;
    private const int ChunkBytes = 64 * 1024;

    private readonly FileWindow _window;
    private readonly ulong _salt;

    public TailJudge(FileWindow window, ulong salt)
    {
        _window = window;
        _salt = salt;
    }

    /// <summary>Where the last byte that is not zero ends; the start of the tail if there is none.</summary>
    public long WrittenEnd { get; private set; }

    /// <summary>Why the verdict is <see cref="TailVerdict.Corrupt"/>.</summary>
    public string Reason { get; private set; } = "";

    public TailVerdict Judge(BatchScanner scanner, long durableBatch)
    {
        WrittenEnd = FindWrittenEnd(scanner.Offset);
        if (durableBatch > scanner.Batch)
            return Corrupt($"batch {durableBatch} was durable, and the log ends with batch {scanner.Batch}");

        if (WrittenEnd == scanner.Offset)
            return TailVerdict.Clean;

        // raft-design P11: only one flush is outstanding, so a later batch proves that this one was durable.
        if (HasLaterBatch(scanner.FaultOffset, scanner.Batch + 2))
            return Corrupt($"{scanner.Fault}, and a later batch follows");

        return HasZeroSector(scanner)
            ? TailVerdict.Torn
            : Corrupt($"{scanner.Fault}, and no sector of the batch is missing");
    }

    private TailVerdict Corrupt(string reason)
    {
        Reason = reason;
        return TailVerdict.Corrupt;
    }

    private long FindWrittenEnd(long start)
    {
        var end = start;
        for (var offset = start; offset < _window.Length; offset += ChunkBytes)
        {
            var last = _window.Get(offset, ChunkBytes).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                end = offset + last + 1;
        }

        return end;
    }

    /// <summary>
    /// A frame can be verified with the checksum of the frame before it: so a pair of neighbours is looked for.
    /// </summary>
    private bool HasLaterBatch(long start, long batch)
    {
        for (var offset = start; offset + FrameHeader.Length <= WrittenEnd; offset += FrameHeader.Alignment)
        {
            var first = FrameHeader.Read(_window.Get(offset, FrameHeader.Length));
            if (!first.IsPlausible || first.Batch < batch - 1 || offset + first.FrameLength >= WrittenEnd)
                continue;

            if (IsLaterFrame(offset + first.FrameLength, first.Crc, batch))
                return true;
        }

        return false;
    }

    private bool IsLaterFrame(long offset, uint previousCrc, long batch)
    {
        var bytes = _window.Get(offset, FrameHeader.Length);
        if (bytes.Length < FrameHeader.Length)
            return false;

        var header = FrameHeader.Read(bytes);
        if (!header.IsPlausible || header.Batch < batch || offset + header.FrameLength > _window.Length)
            return false;

        var frame = _window.Get(offset, (int)header.FrameLength);
        return FrameHeader.Checksum(previousCrc, _salt, frame) == header.Crc;
    }

    /// <summary>
    /// Looks for a sector that the batch should have filled and that is zero. Only sectors from the first wrong
    /// frame on count: a client's zeros in a frame that verifies are no evidence. The batch's first sector is
    /// shared with the batch before it, so only the part behind that one is looked at.
    /// </summary>
    private bool HasZeroSector(BatchScanner scanner)
    {
        var end = FindBatchEnd(scanner);
        for (var sector = scanner.FaultOffset & -SectorBytes; sector < end; sector += SectorBytes)
        {
            var from = Math.Max(sector, scanner.Offset);
            var part = _window.Get(from, (int)(sector + SectorBytes - from));
            if (!part.ContainsAnyExcept((byte)0))
                return true;
        }

        return false;
    }

    private long FindBatchEnd(BatchScanner scanner)
    {
        // The salt ends a batch. Where it stands at the very end, the last sector was written.
        var trailer = WrittenEnd - sizeof(ulong);
        if (WrittenEnd % FrameHeader.Alignment == 0 && trailer >= scanner.Offset + FrameHeader.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(_window.Get(trailer, sizeof(ulong))) == _salt)
            return WrittenEnd;

        var header = FrameHeader.Length;
        var bytes = _window.Get(scanner.FaultOffset, header);
        long claimed = header;
        if (bytes.Length == header && FrameHeader.Read(bytes) is { IsPlausible: true } frame
            && frame.Batch == scanner.Batch + 1)
            claimed = frame.FrameLength;

        return Math.Min(_window.Length, Math.Max(WrittenEnd, scanner.FaultOffset + claimed));
    }
}
