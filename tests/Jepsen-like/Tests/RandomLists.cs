using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>Correct histories of transactions that read and append to lists.</summary>
internal sealed class RandomLists
{
    private const int Active = 4;
    private const int ElementsMax = 30;

    private readonly Dictionary<string, List<long>> lists = [];
    private int first;
    private long zxid = 100;
    private long elements;

    public static List<Operation> Correct(int seed, int operations, int sessions = 6, int unknownPercent = 10)
    {
        var lists = new RandomLists();
        return Timeline.Play(seed, operations, sessions, unknownPercent, lists.Play);
    }

    private Operation Play(Slot slot, Random random)
    {
        var key = $"/list-{first + random.Next(Active)}";
        if (Elements(key).Count >= ElementsMax)
            first++;
        if (random.Next(100) < 25)
        {
            var read = slot.Begin(OperationKind.Read, key);
            return slot.Record(read, read with { Zxid = zxid, Text = ListPart.Write([Part(key, 0)]) });
        }

        var parts = Enumerable.Range(first, Active).OrderBy(_ => random.Next()).Take(random.Next(1, Active))
            .Select(list => Part($"/list-{list}", random.Next(3))).ToArray();
        var call = slot.Begin(OperationKind.Transaction, "lists") with { Text = ListPart.Write(parts) };

        // Of the unknown ones and of the refused ones some have not happened, of the unknown ones only some.
        if (slot.IsUnknown && random.Next(2) == 0)
            return slot.Record(call, call);
        zxid++;
        if (random.Next(10) == 0)
            return slot.Record(call, call with { Zxid = zxid, Error = Operation.BadVersion });
        foreach (var part in parts)
            Elements(part.Key).AddRange(part.Appended);
        return slot.Record(call, call with { Zxid = zxid });
    }

    private ListPart Part(string key, int appended) => new(key, Elements(key).Count, [.. Elements(key)],
        [.. Enumerable.Range(0, appended).Select(_ => ++elements)]);

    private List<long> Elements(string key)
    {
        if (!lists.TryGetValue(key, out var list))
            lists.Add(key, list = []);
        return list;
    }
}
