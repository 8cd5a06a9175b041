using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// What reads tell about writes. Every write carries a tag of its own, so a read names the write it saw and, by its
/// Stat, where that write stands. An unknown write that was seen is unknown no longer (raft-design T23); a tag that
/// stands in two places was applied twice; a tag that nobody wrote is a phantom.
/// </summary>
internal static class Observations
{
    /// <summary>Returns the history with seen unknown writes filled in, and adds what is wrong to findings.</summary>
    public static List<Operation> Resolve(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var writes = new Dictionary<(string Key, long Tag), int>();
        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].IsWrite)
                writes.Add((history[i].Key, history[i].Tag), i);
        }

        var resolved = history.ToList();
        foreach (var read in history.Where(o => o.IsRead && o.Succeeded).OrderBy(o => o.Completed))
        {
            if (read.Tag == 0)
            {
                if (read.Version != 0)
                    findings.Add(new Finding("phantom", "the first value with a later version", [read]));
            }
            else if (!writes.TryGetValue((read.Key, read.Tag), out var at))
            {
                findings.Add(new Finding("phantom", "a value that nobody wrote", [read]));
            }
            else
            {
                resolved[at] = Compare(resolved[at], read, findings);
            }
        }

        return resolved;
    }

    private static Operation Compare(Operation write, Operation read, List<Finding> findings)
    {
        if (write.Amount != read.Amount)
            findings.Add(new Finding("phantom", "the value differs from what was written", [write, read]));
        else if (read.Completed < write.Invoked)
            findings.Add(new Finding("phantom", "seen before it was asked for", [write, read]));
        else if (write.IsKnown && write.Error != 0)
            findings.Add(new Finding("refused", "a write that was refused has been applied", [write, read]));
        else if (write.IsKnown && (write.Version != read.Version || write.ModifiedZxid != read.ModifiedZxid))
            findings.Add(new Finding("applied-once", "one write stands in two places", [write, read]));

        if (write.IsKnown)
            return write;

        return write with
        {
            Completed = read.Completed,
            Version = read.Version,
            Zxid = read.ModifiedZxid,
            ModifiedZxid = read.ModifiedZxid,
        };
    }
}
