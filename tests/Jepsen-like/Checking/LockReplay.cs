using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>Replays what happened to one lock, in the order of zxids, with the ends of sessions among it.</summary>
internal sealed class LockReplay(
    IReadOnlyList<Operation> history, IReadOnlyList<Operation> sessionEnds, IReadOnlyList<PendingOperation> pending,
    List<Finding> findings)
{
    // The create by which the lock is held now.
    private Operation? holder;

    // The zxid at which it was last seen free or became free.
    private long freeSince;

    public void Run()
    {
        var closes = sessionEnds.Where(o => o.Kind == OperationKind.CloseSession && o.IsKnown);
        foreach (var operation in history.Where(o => o.IsKnown).Concat(closes)
            .OrderBy(o => o.Zxid).ThenBy(o => o.IsWrite ? 0 : 1))
            Step(operation);
    }

    private void Step(Operation operation)
    {
        switch (operation)
        {
            case { Kind: OperationKind.CreateEphemeral, Error: 0 }:
                RequireFree(operation, "taken while it was held");
                holder = operation;
                break;
            case { Kind: OperationKind.CreateEphemeral, Error: Operation.NodeExists }:
            case { Kind: OperationKind.Delete, Error: 0 }:
                RequireHeld(operation);
                if (operation.Kind == OperationKind.Delete)
                    Free(operation);
                break;
            case { Kind: OperationKind.Delete or OperationKind.Read, Error: Operation.NoNode }:
                RequireFree(operation, "not there while it was held");
                Free(operation);
                break;
            case { Kind: OperationKind.Read, Error: 0 }:
                if (operation.Tag != holder?.Tag || operation.ModifiedZxid != holder.Zxid)
                    Report("the read shows another holder", operation);
                break;
            case { Kind: OperationKind.CloseSession }:
                if (operation.Session == holder?.Session)
                    Free(operation);
                break;
            default:
                findings.Add(new Finding("error", "an error that this workload cannot cause", [operation]));
                break;
        }
    }

    private void Free(Operation seen) => (holder, freeSince) = (null, seen.Zxid);

    private void RequireHeld(Operation operation)
    {
        // Only a create whose outcome nobody learnt, and that no read saw, can be the holder that we do not know.
        if (holder is null && !MayHaveHappened(OperationKind.CreateEphemeral, freeSince, operation))
            Report("held by nobody that could hold it", operation);
    }

    private void RequireFree(Operation operation, string problem)
    {
        if (holder is { } create && !MayHaveGone(create, operation))
            Report(problem, operation);
    }

    private bool MayHaveGone(Operation create, Operation seen) =>
        MayHaveHappened(OperationKind.Delete, create.Zxid, seen) ||
        sessionEnds.Any(end => end.Session == create.Session && MayHaveEnded(end, seen));

    private bool MayHaveHappened(OperationKind kind, long afterZxid, Operation seen) => pending.Any(p =>
        p.Operation.Kind == kind && p.Operation.Invoked <= seen.Completed && p.BeforeZxid > afterZxid);

    private static bool MayHaveEnded(Operation end, Operation seen) => end.Kind == OperationKind.LoseSession
        ? seen.Completed - end.Invoked >= LockRules.Timeout(end)
        : !end.IsKnown && end.Invoked <= seen.Completed;

    private void Report(string text, Operation operation) =>
        findings.Add(new Finding("lock", text, holder is null ? [operation] : [holder, operation]));
}
