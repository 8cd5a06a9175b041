using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// Histories made from a seed: operations of several processes on one register, each placed at a moment inside its
/// interval, with results that a correct register gives in that order.
/// </summary>
internal static class RandomHistory
{
    private static readonly OperationKind[] Kinds =
        [OperationKind.Read, OperationKind.LocalRead, OperationKind.Set, OperationKind.CompareAndSet];

    public static List<Operation> Correct(int seed, int operations, int processes, string key = "/jepsen/register-0",
        int unknownPercent = 10, bool isCounter = false)
    {
        var random = new Random(seed);
        var asked = new List<(Operation Operation, long Moment, bool Unknown)>();
        var free = new long[processes];
        for (var i = 0; i < operations; i++)
        {
            var process = random.Next(processes);
            var invoked = free[process] + random.Next(1, 20);
            var moment = invoked + random.Next(0, 30);
            var completed = moment + random.Next(0, 30);
            free[process] = completed;
            asked.Add((new Operation
            {
                Process = i, Session = process, Key = key, Kind = Draw(random, isCounter), Invoked = invoked,
                Completed = completed, Expected = random.Next(0, 2), Tag = i + 1,
            }, moment, random.Next(100) < unknownPercent));
        }

        asked.Sort((a, b) => a.Moment.CompareTo(b.Moment));
        return [.. Replay(asked, isCounter).OrderBy(o => o.Invoked)];
    }

    private static IEnumerable<Operation> Replay(
        List<(Operation Operation, long Moment, bool Unknown)> asked, bool isCounter)
    {
        var (tag, version, modified, zxid) = (0L, 0, 0L, 100L);
        foreach (var (operation, _, isUnknown) in asked)
        {
            var o = operation;
            if (o.IsWrite)
                o = Write(o with { Expected = o.Expected == 0 ? version : version - 1 });
            else
                o = o with
                {
                    Tag = tag, Amount = isCounter ? version : tag, Version = version, ModifiedZxid = modified,
                    Zxid = zxid,
                };

            // An unknown write may have happened or not; an unknown read says nothing.
            yield return isUnknown
                ? o with { Completed = Operation.Never, Error = 0, Version = 0, Zxid = 0, ModifiedZxid = 0 }
                : o;
        }

        Operation Write(Operation o)
        {
            zxid++;
            o = o with { Amount = isCounter ? o.Expected + 1 : o.Tag };
            if (o.Kind == OperationKind.CompareAndSet && o.Expected != version)
                return o with { Error = Operation.BadVersion, Zxid = zxid };

            (tag, version, modified) = (o.Tag, version + 1, zxid);
            return o with { Version = version, Zxid = zxid, ModifiedZxid = zxid };
        }
    }

    private static OperationKind Draw(Random random, bool isCounter)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        return isCounter && kind == OperationKind.Set ? OperationKind.CompareAndSet : kind;
    }

    /// <summary>Changes one result at random; the outcome may or may not be linearizable.</summary>
    public static List<Operation> Disturb(List<Operation> history, int seed)
    {
        var random = new Random(seed);
        var changed = history.ToList();
        var at = random.Next(changed.Count);
        var o = changed[at];
        changed[at] = random.Next(4) switch
        {
            0 => o with { Version = Math.Max(0, o.Version + random.Next(-1, 2)) },
            1 when !o.IsWrite => o with { Tag = random.Next(0, history.Count + 1) },
            2 when o.IsKnown => o with { Completed = Math.Max(o.Invoked, o.Completed - random.Next(40)) },
            _ when o.IsWrite && o.IsKnown => o with { Error = o.Error == 0 ? Operation.BadVersion : 0 },
            _ => o with { Invoked = o.Invoked + random.Next(20), Completed = Math.Max(o.Completed, o.Invoked + 20) },
        };

        // Only times, tags and versions count here: what goes with them stays in step.
        return [.. changed.Select(c => c with { Amount = c.Tag, ModifiedZxid = c.Version })];
    }
}
