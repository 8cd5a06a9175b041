namespace Coord.JepsenLike.Histories;

/// <summary>A tag and the number that a parent gave it, in lists as "tag:number", with spaces.</summary>
internal readonly record struct NumberedTag(long Tag, long Number)
{
    public static IEnumerable<NumberedTag> Parse(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one =>
        {
            var colon = one.IndexOf(':');
            return new NumberedTag(long.Parse(one.AsSpan(0, colon)), long.Parse(one.AsSpan(colon + 1)));
        });
}
