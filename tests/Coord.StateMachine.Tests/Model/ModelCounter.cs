namespace Coord.StateMachine.Tests;

/// <summary>
/// A counter as the model has it: a number, and 24 characters of each write: its tag, and the value and mzxid before.
/// </summary>
internal sealed class ModelCounter(long value, string writes)
{
    public long Value { get; private set; } = value;

    /// <summary>False: the text is no counter's.</summary>
    public static bool TryRead(string? text, long initial, out ModelCounter counter)
    {
        bool hasTags = text is { Length: >= 13 } && text[8..12] == "CTG2" && text[12] <= 16
            && text.Length == 13 + (24 * text[12]);
        counter = new ModelCounter(
            string.IsNullOrEmpty(text) ? initial : Number(text.Length < 8 ? text : text[..8]),
            hasTags ? text![13..] : "");
        return hasTags || text is null or { Length: 0 or 8 };
    }

    public bool TryAdd(IEnumerable<(long Delta, long Min, long Max, int Times)> adds)
    {
        bool isAny = false;
        foreach (var (delta, min, max, times) in adds)
        {
            for (int i = 0; i < times; i++)
            {
                if (Value + delta < min || Value + delta > max)
                    continue;
                Value += delta;
                isAny = true;
            }
        }

        return isAny;
    }

    /// <summary>The value before the write with this tag; null: it is not remembered.</summary>
    public long? ValueBefore(long tag) => Enumerable.Range(0, writes.Length / 24)
        .Where(i => writes.Substring(24 * i, 8) == Characters(tag))
        .Select(i => (long?)Number(writes.Substring((24 * i) + 8, 8)))
        .FirstOrDefault();

    public bool Remembers(long seenZxid, long mzxid) =>
        (writes.Length == 0 ? mzxid : Number(writes[^8..])) <= seenZxid;

    public string Text(long tag, long before, long mzxid)
    {
        string next = Characters(tag) + Characters(before) + Characters(mzxid) + writes;
        next = next[..Math.Min(next.Length, 16 * 24)];
        return $"{Characters(Value)}CTG2{(char)(next.Length / 24)}{next}";
    }

    private static long Number(string text) => text.Aggregate(0L, (number, next) => (number * 256) + next);

    private static string Characters(long number) =>
        string.Concat(Enumerable.Range(0, 8).Select(i => (char)((number >> (56 - (8 * i))) & 255)));
}
