namespace Coord.JepsenLike.Faults.Disks;

/// <summary>What a loss of power took, out of what was not flushed.</summary>
internal sealed record PowerLossReport(int Files, int Sectors, int LostSectors, int Names, int LostNames)
{
    public override string ToString() =>
        $"the power failed: {LostSectors} of {Sectors} unflushed sectors in {Files} files are lost, and {LostNames} " +
        $"of {Names} unflushed changes of names";
}
