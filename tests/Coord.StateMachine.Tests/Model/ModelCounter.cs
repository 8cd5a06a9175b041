namespace Coord.StateMachine.Tests;

/// <summary>A counter as the model has it: a number, and tags of eight characters.</summary>
internal sealed class ModelCounter(long value, string tags)
{
    public long Value { get; private set; } = value;

    /// <summary>False: the text is no counter's.</summary>
    public static bool TryRead(string? text, long initial, out ModelCounter counter)
    {
        bool hasTags = text is { Length: >= 13 } && text[8..12] == "CTG1" && text[12] <= 16
            && text.Length == 13 + (8 * text[12]);
        counter = new ModelCounter(
            string.IsNullOrEmpty(text) ? initial : text.Take(8).Aggregate(0L, (number, next) => (number * 256) + next),
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

    public string Text(long tag)
    {
        string next = Characters(tag) + tags;
        next = next[..Math.Min(next.Length, 16 * 8)];
        return $"{Characters(Value)}CTG1{(char)(next.Length / 8)}{next}";
    }

    private static string Characters(long number) =>
        string.Concat(Enumerable.Range(0, 8).Select(i => (char)((number >> (56 - (8 * i))) & 255)));
}
