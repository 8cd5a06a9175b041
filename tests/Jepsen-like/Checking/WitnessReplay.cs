using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Replays one key's operations in the order of their zxids. Only writes whose outcome is unknown and that no read saw
/// have no place; they may fill a gap in the versions, and nothing else may.
/// </summary>
internal sealed class WitnessReplay
{
    private readonly List<Finding> findings;
    private readonly Operation[] unplaced;
    private Operation? last;
    private long tag;
    private int version;
    private long modified;
    private int hiddenWritesUsed;
    private int hiddenWritesSinceLast;

    private WitnessReplay(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        this.findings = findings;
        unplaced = [.. history.Where(o => o.IsWrite && !o.IsKnown)];
    }

    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var replay = new WitnessReplay(history, findings);
        var placed = history.Where(o => o.IsKnown && (o.IsWrite || o.IsRead)).ToArray();

        // A read stands behind the write whose zxid it names.
        Array.Sort(placed, (a, b) => a.Zxid != b.Zxid
            ? a.Zxid.CompareTo(b.Zxid)
            : (a.IsWrite ? 0 : 1).CompareTo(b.IsWrite ? 0 : 1));
        foreach (var operation in placed)
            replay.Step(operation);
    }

    private void Step(Operation operation)
    {
        if (operation.Error == Operation.BadVersion)
            Refused(operation);
        else if (operation.Error != 0)
            Report("error", "an error that this workload cannot cause", operation);
        else if (operation.IsWrite)
            Written(operation);
        else
            ReadBack(operation);
    }

    private void Written(Operation write)
    {
        if (write.ModifiedZxid != write.Zxid)
            Report("witness", "the Stat of a write names another transaction", write);

        if (write.Kind == OperationKind.CompareAndSet && write.Version != write.Expected + 1)
            Report("witness", "a compare-and-set made a version that does not follow the expected one", write);

        var gap = write.Version - version - 1;
        if (gap < hiddenWritesSinceLast)
        {
            Report("witness", $"the version does not follow version {version}", write);
        }
        else
        {
            hiddenWritesUsed += gap;
            if (hiddenWritesUsed > AvailableHiddenWrites(write))
                Report("witness", $"the version leaves out {gap} after version {version}: more than unknown writes " +
                    "can explain", write);
        }

        (tag, version, modified, hiddenWritesSinceLast, last) = (write.Tag, write.Version, write.Zxid, 0, write);
    }

    private void ReadBack(Operation read)
    {
        var same = read.Tag == tag && read.Version == version && (tag == 0 || read.ModifiedZxid == modified);
        if (!same || hiddenWritesSinceLast > 0)
            Report("witness", $"at this zxid the value is tag {tag} version {version} mzxid {modified}", read);
    }

    private void Refused(Operation write)
    {
        if (write.Kind != OperationKind.CompareAndSet)
            Report("witness", "an unconditional set was refused for its version", write);
        else if (write.Expected == version && hiddenWritesSinceLast == 0)
            RefusedAtItsVersion(write);
    }

    private void RefusedAtItsVersion(Operation write)
    {
        if (hiddenWritesUsed >= AvailableHiddenWrites(write))
            Report("witness", "refused although the version was the expected one", write);
        else
            hiddenWritesSinceLast = 1;
    }

    private int AvailableHiddenWrites(Operation before) => unplaced.Count(o => o.Invoked <= before.Completed);

    private void Report(string rule, string text, Operation operation) =>
        findings.Add(new Finding(rule, text, last is null ? [operation] : [last, operation]));
}
