namespace Coord.JepsenLike.Histories;

/// <summary>
/// What a transaction says about one register of its group: the version that it must have, what was read at that
/// version, and for a write the amount that it gets; its tag is that of the transaction.
/// </summary>
internal readonly record struct GroupPart(
    int Register, bool IsSet, int Version, long Tag, long Amount, long ModifiedZxid, long NewAmount)
{
    /// <summary>Parts as the text of an operation.</summary>
    public static string Write(IEnumerable<GroupPart> parts) => string.Join(' ', parts.Select(part =>
        $"{part.Register}{(part.IsSet ? 's' : 'c')}{part.Version}:{part.Tag}:{part.Amount}:{part.ModifiedZxid}" +
        $":{part.NewAmount}"));

    public static GroupPart[] Parse(string text) => [.. text.Split(' ').Select(ParseOne)];

    private static GroupPart ParseOne(string text)
    {
        var fields = text.Split(':');
        var kind = fields[0].IndexOfAny(['s', 'c']);
        return new GroupPart(int.Parse(fields[0].AsSpan(0, kind)), fields[0][kind] == 's',
            int.Parse(fields[0].AsSpan(kind + 1)), long.Parse(fields[1]), long.Parse(fields[2]),
            long.Parse(fields[3]), long.Parse(fields[4]));
    }
}
