using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// Ephemeral znodes: there from their creation until they are deleted or their session ends, and gone then. A session
/// that nobody closes lasts its full timeout at least, and not much longer while one node leads.
/// </summary>
internal static class EphemeralRules
{
    public static CheckReport Check(IReadOnlyList<Operation> history)
    {
        var findings = new List<Finding>();
        var lives = Lives(history);
        var calm = new CalmPeriods(history);
        var seen = new Dictionary<long, long>();
        var reads = history.Where(o => o.IsRead && o.Succeeded).OrderBy(o => o.Invoked)
            .Select(read => (Read: read, Held: Numbers.Parse(read.Text).ToHashSet())).ToArray();
        foreach (var (read, held) in reads)
        {
            foreach (var tag in held)
            {
                seen[tag] = Math.Min(read.Completed, seen.GetValueOrDefault(tag, long.MaxValue));
                if (lives.TryGetValue(tag, out var life))
                    CheckThere(life, read, calm, findings);
                else
                    findings.Add(new Finding("phantom", $"ephemeral {tag}, which nobody created", [read]));
            }
        }

        CheckMissing(reads, lives.Values, findings);
        LockRules.CheckExpiries(history, findings);

        var told = history.Where(o => o.IsKnown && (o.IsWrite || o.IsRead)).ToArray();
        WitnessOrder.CheckOrder(told, findings);
        return CheckReport.Of(history, [.. history.Select(o => !o.IsKnown && seen.TryGetValue(o.Tag, out var at) &&
            o.Kind == OperationKind.CreateEphemeral ? o with { Completed = at } : o)], findings);
    }

    /// <summary>Reads, and deletes by the owner, must not find gone what cannot have gone by right.</summary>
    private static void CheckMissing((Operation Read, HashSet<long> Held)[] reads,
        IEnumerable<EphemeralLife> lives, List<Finding> findings)
    {
        var waiting = new Queue<EphemeralLife>(lives.Where(life => life.Create.Succeeded)
            .OrderBy(life => life.Create.Completed));
        foreach (var life in waiting.Where(life => life.Refused?.Completed < life.SureUntil))
            findings.Add(new Finding("ephemeral-early", "its owner found it gone, and its session had not ended",
                [life.Create, .. life.Ends, life.Refused!]));

        var present = new List<EphemeralLife>();
        foreach (var (read, held) in reads)
        {
            while (waiting.TryPeek(out var next) && next.Create.Completed < read.Invoked)
                present.Add(waiting.Dequeue());
            present.RemoveAll(life => life.SureUntil <= read.Invoked);
            foreach (var life in present.Where(life => !held.Contains(life.Create.Tag) &&
                read.Completed < life.SureUntil))
                findings.Add(new Finding("ephemeral-early", "gone, and its session had not ended",
                    [life.Create, .. life.Ends, read]));
        }
    }

    private static Dictionary<long, EphemeralLife> Lives(IReadOnlyList<Operation> history)
    {
        var sessionEnds = history
            .Where(o => o.Kind is OperationKind.CloseSession or OperationKind.LoseSession).ToLookup(o => o.Session);
        var deletes = history.Where(o => o.Kind == OperationKind.Delete).ToLookup(o => o.Tag);
        return history.Where(o => o.Kind == OperationKind.CreateEphemeral).ToDictionary(
            create => create.Tag,
            create => new EphemeralLife(create,
                [.. deletes[create.Tag].Where(o => !IsRefused(o)), .. sessionEnds[create.Session]],
                deletes[create.Tag].FirstOrDefault(IsRefused)));
    }

    private static void CheckThere(EphemeralLife life, Operation read, CalmPeriods calm, List<Finding> findings)
    {
        if (read.Completed < life.Create.Invoked)
            findings.Add(new Finding("phantom", "seen before it was asked for", [life.Create, read]));
        else if (life.Create.IsKnown && life.Create.Error != 0)
            findings.Add(new Finding("refused", "its creation was refused", [life.Create, read]));
        else if (life.Ends.FirstOrDefault(end => IsEnd(end) && end.Completed < read.Invoked) is { } ended)
            findings.Add(new Finding("ephemeral-undead", "still there after its end", [life.Create, ended, read]));
        else if (life.Ends.FirstOrDefault(end => end is { Kind: OperationKind.LoseSession, IsKnown: false } &&
            calm.MustBeGone(end.Tag, end.Expected, read.Invoked)) is { } lost)
            findings.Add(new Finding("ephemeral-late", "still there long after its session was left",
                [life.Create, lost, read]));
    }

    private static bool IsRefused(Operation operation) => operation.IsKnown && operation.Error != 0;

    /// <summary>Told to its client: a delete, a close, or that the session has expired.</summary>
    private static bool IsEnd(Operation end) => end.IsKnown &&
        (end.Error == 0 || (end.Kind == OperationKind.LoseSession && end.Error == Operation.SessionExpired));
}

/// <summary>One ephemeral znode, what may have ended it, and the delete by its owner that found it gone.</summary>
internal sealed record EphemeralLife(Operation Create, Operation[] Ends, Operation? Refused)
{
    /// <summary>Up to when it cannot have gone by right.</summary>
    public long SureUntil { get; } = Ends.Select(end => end.Kind == OperationKind.LoseSession
        ? end.Invoked + LockRules.Timeout(end)
        : end.Invoked).DefaultIfEmpty(long.MaxValue).Min();
}
