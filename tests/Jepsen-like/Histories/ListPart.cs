namespace Coord.JepsenLike.Histories;

/// <summary>What a transaction read in one list, which had this version, and what it appended to it.</summary>
internal sealed record ListPart(string Key, int Version, long[] Read, long[] Appended)
{
    /// <summary>Parts as the text of an operation.</summary>
    public static string Write(IEnumerable<ListPart> parts) => string.Join(' ', parts.Select(part =>
        $"{part.Key}:{part.Version}:{string.Join(',', part.Read)}:{string.Join(',', part.Appended)}"));

    /// <summary>None in a read of which nobody heard an answer.</summary>
    public static ListPart[] Parse(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(part =>
    {
        var fields = part.Split(':');
        return new ListPart(fields[0], int.Parse(fields[1]), Elements(fields[2]), Elements(fields[3]));
    })];

    public static long[] Elements(string text) =>
        text.Length == 0 ? [] : [.. text.Split(',').Select(element => long.Parse(element))];
}
