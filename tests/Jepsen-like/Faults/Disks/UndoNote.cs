namespace Coord.JepsenLike.Faults.Disks;

/// <summary>What a range of a file was before a write, as the shim noted it.</summary>
/// <param name="Offset">Where the range begins.</param>
/// <param name="Length">Of the range, also beyond the old end of the file.</param>
/// <param name="Size">Of the file before the write.</param>
/// <param name="Bytes">The file's own from the offset on; none when they were zeros.</param>
internal sealed record UndoNote(long Offset, long Length, long Size, byte[] Bytes)
{
    public long End => Offset + Length;

    /// <summary>Puts what was there before into a sector that holds what came after.</summary>
    public void TakeBack(long sectorOffset, Span<byte> sector)
    {
        var from = Math.Max(Offset, sectorOffset);
        var to = Math.Min(End, sectorOffset + sector.Length);
        for (var at = from; at < to; at++)
            sector[(int)(at - sectorOffset)] = at - Offset < Bytes.Length ? Bytes[at - Offset] : (byte)0;
    }
}
