using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>An operation whose outcome is unknown; if it happened, then before this zxid.</summary>
internal sealed record PendingOperation(Operation Operation, long BeforeZxid);

/// <summary>
/// Ephemeral znodes as locks, replayed by zxid: one holder at a time; the znode goes when it is deleted or its session
/// ends and for no other reason; a session ends when it is closed, or after its full timeout without contact, and then
/// its znodes do go.
/// </summary>
internal static class LockRules
{
    /// <summary>Fills in unknown creates that a read has seen; the Stat says where they stand.</summary>
    public static List<Operation> Resolve(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        var resolved = history.ToList();
        var creates = new Dictionary<long, int>();
        for (var i = 0; i < resolved.Count; i++)
        {
            if (resolved[i].Kind == OperationKind.CreateEphemeral)
                creates.Add(resolved[i].Tag, i);
        }

        foreach (var read in history.Where(o => o.IsRead && o.Succeeded).OrderBy(o => o.Completed))
        {
            if (!creates.TryGetValue(read.Tag, out var at) || resolved[at].Key != read.Key)
                findings.Add(new Finding("phantom", "a lock that nobody took", [read]));
            else if (!resolved[at].IsKnown)
                resolved[at] = resolved[at] with { Completed = read.Completed, Zxid = read.ModifiedZxid };
        }

        return resolved;
    }

    public static void Check(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        CheckExpiries(history, findings);
        var sessionEnds = history.Where(o => o.Key.Length == 0).ToArray();
        var pending = Pending(history);
        foreach (var key in history.Where(o => o.Key.Length > 0).GroupBy(o => o.Key))
            new LockReplay([.. key], sessionEnds, [.. pending.Where(p => p.Operation.Key == key.Key)], findings).Run();
    }

    /// <summary>No client is told that its session has expired before it has.</summary>
    public static void CheckExpiries(IReadOnlyList<Operation> history, List<Finding> findings)
    {
        // Unless it was the close that nobody heard the answer of.
        var closed = history.Where(o => o.Kind == OperationKind.CloseSession).Select(o => o.Session).ToHashSet();
        foreach (var end in history.Where(o => o.Kind == OperationKind.LoseSession && o.IsKnown))
        {
            if (end.Completed - end.Invoked < Timeout(end) && !closed.Contains(end.Session))
                findings.Add(new Finding("expired-early", "a session expired before its timeout", [end]));
        }
    }

    /// <summary>
    /// Unknown operations with the zxid before which each happened or never did: that of the session's next known one,
    /// for a session's requests run in their order, also when it has moved to another connection.
    /// </summary>
    private static List<PendingOperation> Pending(IReadOnlyList<Operation> history)
    {
        var pending = new List<PendingOperation>();
        foreach (var session in history.Where(o => o.Kind != OperationKind.LoseSession).GroupBy(o => o.Session))
        {
            var before = long.MaxValue;
            foreach (var operation in session.OrderByDescending(o => o.Invoked))
            {
                if (!operation.IsKnown)
                    pending.Add(new PendingOperation(operation, before));
                else if (operation.IsWrite)
                    before = operation.Zxid;
            }
        }

        return pending;
    }

    /// <summary>Nanoseconds that a lost session had at least.</summary>
    public static long Timeout(Operation lost) => lost.Amount * 1_000_000;
}
