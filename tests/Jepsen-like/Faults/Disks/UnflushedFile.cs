using Microsoft.Win32.SafeHandles;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>
/// A file with writes that were not flushed. When the power fails, each sector is what it was after any of the writes
/// that touched it, the flush before them counted as the first; so is the length. Sectors are whole, as disks promise
/// and the node relies on (raft-design 11); the pages that the system writes back may be torn between them.
/// </summary>
internal sealed class UnflushedFile(string path, List<UndoNote> notes, Random random)
{
    private const int SectorBytes = 512;
    private const int PageSectors = 8;

    /// <summary>Pages that are lost, in percent, when a loss does not take everything (raft-design T6).</summary>
    private const int LostPercent = 80;

    private const int TornPercent = 10;

    /// <summary>Takes unflushed sectors back, all of them or some.</summary>
    /// <returns>How many there were, and how many are lost, partly at least.</returns>
    public (int Sectors, int Lost) LosePower(bool isAll)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var length = isAll ? notes[0].Size : LengthLeft(RandomAccess.GetLength(file));
        var sectors = notes.SelectMany(Sectors).ToLookup(touch => touch.Sector, touch => touch.Note);
        var lost = 0;
        var patches = new List<(long Offset, byte[] Bytes)>();
        foreach (var page in sectors.GroupBy(sector => sector.Key / PageSectors).OrderBy(page => page.Key))
        {
            var fate = isAll ? 0 : random.Next(100);
            foreach (var sector in page.OrderBy(sector => sector.Key))
            {
                var touching = sector.ToArray();
                var kept = fate < LostPercent ? 0
                    : fate < LostPercent + TornPercent ? random.Next(touching.Length + 1)
                    : touching.Length;
                if (kept == touching.Length)
                    continue;
                lost++;
                if (sector.Key * SectorBytes < length)
                    patches.Add((sector.Key * SectorBytes, Before(file, sector.Key, touching.AsSpan(kept))));
            }
        }

        Write(file, patches, length);
        return (sectors.Count, lost);
    }

    private static IEnumerable<(long Sector, UndoNote Note)> Sectors(UndoNote note)
    {
        for (var sector = note.Offset / SectorBytes; sector * SectorBytes < note.End; sector++)
            yield return (sector, note);
    }

    /// <summary>As it is now, half of the time; else as it was before any of the writes.</summary>
    private long LengthLeft(long now) => random.Next(2) == 0 ? now : notes[random.Next(notes.Count)].Size;

    private static byte[] Before(SafeFileHandle file, long number, Span<UndoNote> lost)
    {
        var sector = new byte[SectorBytes];
        RandomAccess.Read(file, sector, number * SectorBytes);
        for (var i = lost.Length - 1; i >= 0; i--)
            lost[i].TakeBack(number * SectorBytes, sector);
        return sector;
    }

    private static void Write(
        SafeFileHandle file, List<(long Offset, byte[] Bytes)> patches, long length)
    {
        // What was cut off and comes back lies behind zeros that were never written.
        RandomAccess.SetLength(file, Math.Max(length, RandomAccess.GetLength(file)));
        foreach (var (offset, bytes) in patches)
            RandomAccess.Write(file, bytes.AsSpan(0, (int)Math.Min(bytes.Length, length - offset)), offset);
        RandomAccess.SetLength(file, length);
    }
}
