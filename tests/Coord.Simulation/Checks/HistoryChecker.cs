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
        CheckOrder(history.Operations.Where(o => o.IsWrite && o.Succeeded).OrderBy(o => o.Zxid).ToArray());
        var single = history.Single().ToArray();
        foreach (var group in single.Where(o => o.Path.Length > 0).GroupBy(o => o.Path))
            CheckPath(group.ToArray());

        CheckOwnWrites(single);
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
        var sets = writes.Where(o => o.Kind == OperationKind.Set).ToArray();
        CheckVersions(sets);
        var byZxid = sets.ToDictionary(o => o.Zxid);
        var byValue = operations.Where(o => o.IsWrite).GroupBy(o => o.Value).ToDictionary(g => g.Key, g => g.First());
        var seen = new Dictionary<long, Operation>();
        foreach (var read in operations.Where(o => o is { Kind: OperationKind.Get, Succeeded: true }))
        {
            CheckValue(read, byZxid, byValue.GetValueOrDefault(read.ReadValue));
            if (seen.TryGetValue(read.Stat.Mzxid, out var same)
                && (same.ReadValue != read.ReadValue || same.Stat.Version != read.Stat.Version))
                throw Failed("two reads of one change differ", same, read);

            seen[read.Stat.Mzxid] = read;
        }

        CheckSyncedReads(operations, writes);
        CheckSyncedReads(operations.Where(o => o is { Kind: OperationKind.Get, Succeeded: true }), sets);
    }

    private static void CheckVersions(Operation[] sets)
    {
        Operation? before = null;
        foreach (var set in sets)
        {
            if (set.Stat.Mzxid != set.Zxid)
                throw Failed("a set's mzxid is not its zxid", set, set);

            if (before is not null && set.Stat.Version <= before.Stat.Version)
                throw Failed("versions do not grow with the zxid", before, set);

            if (set.Request.Version >= 0 && set.Stat.Version != set.Request.Version + 1)
                throw Failed("a set on a condition did not find that version", set, set);

            before = set;
        }
    }

    // Nothing is read that nobody wrote; what was written at that zxid, if its answer is known.
    private static void CheckValue(Operation read, Dictionary<long, Operation> sets, Operation? writer)
    {
        if (read.Stat.Mzxid > read.Zxid)
            throw Failed("a read shows a change after its own zxid", read, read);

        if (sets.TryGetValue(read.Stat.Mzxid, out var set))
        {
            if (set.Value != read.ReadValue || set.Stat.Version != read.Stat.Version)
                throw Failed("a read differs from the write of its zxid", set, read);

            return;
        }

        // A registers's first value is empty, and so is every creation of it.
        var isKnown = writer is { MayHaveHappened: true } && writer.Invoked <= read.Completed
            && (!writer.IsAnswered || writer.Zxid == read.Stat.Mzxid || writer.Value.Length == 0);
        if (!isKnown)
            throw Failed("a read returns what nobody wrote at its zxid", writer ?? read, read);
    }

    // A read behind a sync is linearizable: every write answered before the sync was sent is in it. Writes are ordered
    // by zxid, and answered writes by time: the newest answered before a moment is a running maximum.
    private static void CheckSyncedReads(IEnumerable<Operation> operations, Operation[] writes)
    {
        var byEnd = writes.OrderBy(w => w.Completed).ToArray();
        var newest = new Operation[byEnd.Length];
        for (var i = 0; i < byEnd.Length; i++)
            newest[i] = i > 0 && newest[i - 1].Zxid > byEnd[i].Zxid ? newest[i - 1] : byEnd[i];

        var ends = byEnd.Select(w => w.Completed).ToArray();
        foreach (var read in operations.Where(o => o.SyncedSince >= 0 && o.IsAnswered))
        {
            var position = Array.BinarySearch(ends, read.SyncedSince);
            position = position < 0 ? ~position : position;
            while (position > 0 && (position >= ends.Length || ends[position] >= read.SyncedSince))
                position--;

            if (ends.Length == 0 || ends[position] >= read.SyncedSince)
                continue;

            var write = newest[position];
            if (write.Zxid > read.Zxid)
                throw Failed("a synced read misses a write answered before", write, read);

            if (write.Kind == OperationKind.Set && read.Kind == OperationKind.Get && read.Succeeded
                && write.Zxid > read.Stat.Mzxid)
                throw Failed("a synced read shows a state before a write answered earlier", write, read);
        }
    }

    // A session reads its own writes.
    private static void CheckOwnWrites(IEnumerable<Operation> operations)
    {
        var newest = new Dictionary<(int Session, string Path), Operation>();
        foreach (var operation in operations.Where(o => o.Succeeded))
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
