using System.Diagnostics;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>
/// Takes back what a node had not flushed when it was killed: writes in any order (<see cref="UnflushedFile"/>), and of
/// each directory the changes of names from any of them on, since file systems keep their order.
/// </summary>
/// <param name="data">The node's data directory.</param>
/// <param name="folder">Where the shim keeps what was there before.</param>
/// <param name="moment">When the power failed, as <see cref="Stopwatch.GetTimestamp"/> gives it.</param>
/// <param name="random">Decides what is kept.</param>
internal sealed class PowerLoss(string data, string folder, long moment, Random random)
{
    private const string UndoName = "undo-";

    /// <param name="isAll">Everything is lost; else the seed decides of each piece.</param>
    public PowerLossReport Apply(bool isAll)
    {
        var (files, sectors, lostSectors) = LoseWrites(isAll);
        var (names, lostNames) = LoseNames(isAll);
        Forget(folder);
        return new PowerLossReport(files, sectors, lostSectors, names, lostNames);
    }

    /// <summary>What is there counts as durable from now on.</summary>
    /// <param name="folder">Of what the shim has noted; its page of orders stays.</param>
    public static void Forget(string folder)
    {
        foreach (var path in Directory.GetFiles(folder).Where(path => Path.GetFileName(path) != "control"))
            File.Delete(path);
    }

    private (int Files, int Sectors, int Lost) LoseWrites(bool isAll)
    {
        var (files, sectors, lost) = (0, 0, 0);
        var paths = PathsByInode();
        foreach (var undo in Directory.GetFiles(folder, UndoName + "*").Order(StringComparer.Ordinal))
        {
            // Of a file that is gone, with its removal flushed, nothing can come back.
            var notes = UndoJournal.Read(undo, moment);
            if (notes.Count == 0 || !paths.TryGetValue(Path.GetFileName(undo)[UndoName.Length..], out var path))
                continue;
            var (has, loses) = new UnflushedFile(path, notes, random).LosePower(isAll);
            files++;
            sectors += has;
            lost += loses;
        }

        return (files, sectors, lost);
    }

    private (int Names, int Lost) LoseNames(bool isAll)
    {
        var changes = NameChange.Read(folder);
        var lost = changes.GroupBy(change => change.Directory)
            .OrderBy(directory => directory.Key, StringComparer.Ordinal)
            .SelectMany(directory => directory.Skip(isAll ? 0 : random.Next(directory.Count() + 1)))
            .ToHashSet(ReferenceEqualityComparer.Instance);
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (lost.Contains(changes[i]))
                changes[i].TakeBack();
        }

        return (changes.Count, lost.Count);
    }

    /// <summary>Also of files that have no name in the data any more, but may get it back.</summary>
    private Dictionary<string, string> PathsByInode()
    {
        using var find = Process.Start(new ProcessStartInfo(
            "find", [data, folder, "-type", "f", "-printf", "%i\t%p\n"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("find did not start");
        var paths = new Dictionary<string, string>();
        while (find.StandardOutput.ReadLine() is { } line)
            paths.TryAdd(line[..line.IndexOf('\t')], line[(line.IndexOf('\t') + 1)..]);
        find.WaitForExit();
        return paths;
    }
}
