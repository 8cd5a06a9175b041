namespace Coord.Protocol;

/// <summary>What a counter held before and after additions: Coord's own <c>counter-add</c>.</summary>
/// <param name="Before">The value that the first addition was tried on.</param>
/// <param name="After">The value after the last; the same when none was allowed.</param>
/// <param name="Stat">The znode's metadata.</param>
public readonly record struct CounterAddResponse(long Before, long After, Stat Stat)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = (2 * sizeof(long)) + Stat.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(Before);
        writer.WriteInt64(After);
        Stat.Write(ref writer);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out CounterAddResponse record)
    {
        var isRead = reader.TryReadInt64(out var before) & reader.TryReadInt64(out var after)
            & Stat.TryRead(ref reader, out var stat);
        record = new CounterAddResponse(before, after, stat);
        return isRead;
    }
}
