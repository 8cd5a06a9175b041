using Coord.Simulation.Clients;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// What clients were told, against the order that the zxids claim (raft-design T10, T20): writes take effect between
/// call and answer, reads return what was written, a synced read sees every write answered before it, nothing
/// acknowledged is missing at the end.
/// </summary>
internal static class HistoryChecker
{
    public static void Check(History history)
    {
        var writes = history.Operations.Where(o => o.IsWrite && o.Succeeded).OrderBy(o => o.Zxid).ToArray();
        CheckOrder(writes);
        foreach (var group in history.Operations.Where(o => o.Path.Length > 0).GroupBy(o => o.Path))
            CheckPath(group.ToArray());

        CheckOwnWrites(history);
    }

    // Linearizability of writes: two that did not overlap have zxids in their order, and no zxid answers twice.
    private static void CheckOrder(Operation[] writes)
    {
        Operation? latest = null;
        for (var i = 0; i < writes.Length; i++)
        {
            var write = writes[i];
            if (i > 0 && writes[i - 1].Zxid == write.Zxid)
                throw Failed("two writes with one zxid", writes[i - 1], write);

            if (latest is not null && write.Completed < latest.Invoked)
                throw Failed("a write answered before another began has the higher zxid", latest, write);

            if (latest is null || write.Invoked > latest.Invoked)
                latest = write;
        }
    }

    private static void CheckPath(Operation[] operations)
    {
        var writes = operations.Where(o => o.IsWrite && o.Succeeded).OrderBy(o => o.Zxid).ToArray();
        var sets = writes.Where(o => o.Kind == OperationKind.Set).ToDictionary(o => o.Zxid);
        CheckVersions(writes);
        var seen = new Dictionary<long, Operation>();
        foreach (var read in operations.Where(o => o is { Kind: OperationKind.Get, Succeeded: true }))
        {
            CheckValue(read, sets, operations);
            if (seen.TryGetValue(read.Stat.Mzxid, out var same)
                && (same.ReadValue != read.ReadValue || same.Stat.Version != read.Stat.Version))
                throw Failed("two reads of one change differ", same, read);

            seen[read.Stat.Mzxid] = read;
        }

        CheckSyncedReads(operations, writes);
    }

    private static void CheckVersions(Operation[] writes)
    {
        Operation? before = null;
        foreach (var write in writes.Where(w => w.Kind == OperationKind.Set))
        {
            if (write.Stat.Mzxid != write.Zxid)
                throw Failed("a set's mzxid is not its zxid", write, write);

            if (before is not null && write.Stat.Version <= before.Stat.Version)
                throw Failed("versions do not grow with the zxid", before, write);

            before = write;
        }
    }

    // Nothing is read that nobody wrote; what was written at that zxid, if its answer is known.
    private static void CheckValue(Operation read, Dictionary<long, Operation> sets, Operation[] operations)
    {
        if (read.Stat.Mzxid > read.Zxid)
            throw Failed("a read shows a change after its own zxid", read, read);

        if (sets.TryGetValue(read.Stat.Mzxid, out var set))
        {
            if (set.Value != read.ReadValue || set.Stat.Version != read.Stat.Version)
                throw Failed("a read differs from the write of its zxid", set, read);

            return;
        }

        var isKnown = operations.Any(o => o.MayHaveHappened && o.Value == read.ReadValue
            && o.Invoked <= read.Completed && (!o.IsAnswered || o.Zxid == read.Stat.Mzxid));
        if (!isKnown)
            throw Failed("a read returns what nobody wrote at its zxid", read, read);
    }

    // A read behind a sync is linearizable: every write of the path answered before the sync was sent is in it.
    private static void CheckSyncedReads(Operation[] operations, Operation[] writes)
    {
        foreach (var read in operations.Where(o => o.SyncedSince >= 0 && o.IsAnswered))
        {
            foreach (var write in writes)
            {
                if (write.Completed < read.SyncedSince && write.Zxid > read.Zxid)
                    throw Failed("a synced read misses a write answered before", write, read);

                if (write.Kind == OperationKind.Set && read.Kind == OperationKind.Get && read.Succeeded
                    && write.Completed < read.SyncedSince && write.Zxid > read.Stat.Mzxid)
                    throw Failed("a synced read shows a state before a write answered earlier", write, read);
            }
        }
    }

    // A session reads its own writes.
    private static void CheckOwnWrites(History history)
    {
        var newest = new Dictionary<(int Session, string Path), Operation>();
        foreach (var operation in history.Operations.Where(o => o.Succeeded))
        {
            var key = (operation.SessionNumber, operation.Path);
            if (operation.Kind == OperationKind.Set)
                newest[key] = operation;
            else if (operation.Kind == OperationKind.Get && newest.TryGetValue(key, out var own)
                && operation.Stat.Mzxid < own.Zxid)
                throw Failed("a session does not read its own write", own, operation);
        }
    }

    private static SimulationFailedException Failed(string what, Operation first, Operation second) =>
        new($"{what}:\n  {first}\n  {second}");
}
