using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>A call before it has a result: when it is made and answered, and when it takes effect.</summary>
internal readonly record struct Slot(int Number, int Session, long Invoked, long Moment, long Completed, bool IsUnknown)
{
    public Operation Begin(OperationKind kind, string key) => new()
    {
        Process = Number, Session = Session, Kind = kind, Key = key, Invoked = Invoked, Completed = Completed,
        Tag = Number + 1,
    };

    /// <summary>What is recorded: of an unknown outcome nothing but the call.</summary>
    public Operation Record(Operation call, Operation done) =>
        IsUnknown ? call with { Completed = Operation.Never, Text = call.IsRead ? "" : call.Text } : done;
}

/// <summary>Calls of several sessions at once, in the order in which they take effect.</summary>
internal static class Timeline
{
    public static List<Slot> Draw(Random random, int operations, int sessions, int unknownPercent)
    {
        var free = new long[sessions];
        var slots = new List<Slot>();
        for (var i = 0; i < operations; i++)
        {
            var session = random.Next(sessions);
            var invoked = free[session] + random.Next(1, 20);
            var moment = invoked + random.Next(0, 30);
            free[session] = moment + random.Next(0, 30);
            slots.Add(new Slot(i, session, invoked, moment, free[session], random.Next(100) < unknownPercent));
        }

        slots.Sort((a, b) => a.Moment.CompareTo(b.Moment));
        return slots;
    }

    /// <summary>Plays calls one by one on a model, and gives them in the order in which they were made.</summary>
    public static List<Operation> Play(int seed, int operations, int sessions, int unknownPercent,
        Func<Slot, Random, Operation> play)
    {
        var random = new Random(seed);
        return [.. Draw(random, operations, sessions, unknownPercent).Select(slot => play(slot, random))
            .OrderBy(o => o.Invoked)];
    }
}
