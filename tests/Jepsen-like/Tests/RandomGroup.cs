using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>Correct histories of transactions on one group of registers, or of accounts.</summary>
internal sealed class RandomGroup(int registers, long deposit)
{
    public const string Group = "/jepsen/multi-register/group-0";

    private readonly (int Version, long Tag, long Amount, long Zxid)[] state =
        [.. Enumerable.Repeat((0, 0L, deposit, 50L), registers)];

    private long zxid = 100;

    public static List<Operation> Correct(int seed, int operations, int sessions = 6, int unknownPercent = 10,
        int registers = 3, long deposit = 0)
    {
        var group = new RandomGroup(registers, deposit);
        return Timeline.Play(seed, operations, sessions, unknownPercent, group.Play);
    }

    private Operation Play(Slot slot, Random random) =>
        random.Next(100) < 30 ? Read(slot, random.Next(registers)) : Transact(slot, random);

    private Operation Read(Slot slot, int register)
    {
        var call = slot.Begin(OperationKind.Read, $"{Group}/r{register}") with { Tag = 0 };
        var (version, tag, amount, modified) = state[register];
        return slot.Record(call, call with
        {
            Version = version, Tag = tag, Amount = amount, ModifiedZxid = modified, Zxid = zxid,
        });
    }

    private Operation Transact(Slot slot, Random random)
    {
        int[] order = [.. Enumerable.Range(0, registers)];
        if (random.Next(3) > 0)
            random.Shuffle(order);
        var isAll = random.Next(3) == 0;
        var parts = order.Take(isAll ? registers : 2).Select(Part).ToArray();
        if (!isAll)
        {
            var sum = random.Next(0, (int)parts[0].Amount + 1);
            parts[0] = parts[0] with { IsSet = true, NewAmount = parts[0].Amount - sum };
            parts[1] = parts[1] with { IsSet = true, NewAmount = parts[1].Amount + sum };
        }

        var stale = random.Next(4) == 0 ? random.Next(parts.Length) : -1;
        if (stale >= 0 && parts[stale].Version > 0)
            parts[stale] = parts[stale] with { Version = parts[stale].Version - 1 };
        else
            stale = -1;

        var call = slot.Begin(OperationKind.Transaction, Group) with { Text = GroupPart.Write(parts) };

        // An unknown one may have happened or not.
        if (slot.IsUnknown && random.Next(2) == 0)
            return slot.Record(call, call);
        zxid++;
        if (stale >= 0)
            return slot.Record(call, call with { Zxid = zxid, Error = Operation.BadVersion, Expected = stale });

        foreach (var part in parts.Where(part => part.IsSet))
            state[part.Register] = (part.Version + 1, call.Tag, part.NewAmount, zxid);
        return slot.Record(call, call with { Zxid = zxid, Expected = -1 });
    }

    private GroupPart Part(int register)
    {
        var (version, tag, amount, modified) = state[register];
        return new GroupPart(register, IsSet: false, version, tag, amount, modified, NewAmount: 0);
    }
}
