namespace Coord.JepsenLike.Faults.Disks;

/// <summary>A change of a directory that is not flushed, as the shim noted it (names.c).</summary>
/// <param name="Kind">C created, R renamed, D removed.</param>
/// <param name="From">The file's name, before a rename.</param>
/// <param name="To">The name after a rename.</param>
/// <param name="Saved">Where the file that the change took away is kept; null when it took none.</param>
internal sealed record NameChange(char Kind, string From, string To, string? Saved)
{
    public string Directory => Path.GetDirectoryName(Kind == 'R' ? To : From)!;

    /// <summary>All that are noted in this folder, the oldest first.</summary>
    public static List<NameChange> Read(string folder)
    {
        var path = Path.Combine(folder, "names");
        return File.Exists(path) ? [.. File.ReadLines(path).Select(line => Parse(folder, line))] : [];
    }

    /// <summary>Takes it back; those after it in the same directory have been. It may not have been made at all: its
    /// process was killed just then.</summary>
    public void TakeBack()
    {
        if (Kind == 'C')
        {
            File.Delete(From);
            return;
        }

        if (Kind == 'R' && !File.Exists(From) && File.Exists(To))
            File.Move(To, From);
        var taken = Kind == 'R' ? To : From;
        if (Saved is not null && !File.Exists(taken))
            File.Move(Saved, taken);
    }

    private static NameChange Parse(string folder, string line)
    {
        var fields = line.Split('\t');
        var saved = fields[2] == "1" ? Path.Combine(folder, "saved-" + fields[1]) : null;
        return new NameChange(fields[0][0], fields[3], fields[4], saved);
    }
}
