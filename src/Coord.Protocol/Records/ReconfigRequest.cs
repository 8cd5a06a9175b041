namespace Coord.Protocol;

/// <summary>
/// Changes the membership (zookeeper-protocol 11): either servers that join and leave, or the whole new membership.
/// Null strings are read as empty, which clients use for one another.
/// </summary>
public readonly ref struct ReconfigRequest
{
    /// <summary>Servers that join, <c>server.ID=…</c> separated by commas. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> JoiningServers { get; init; }

    /// <summary>Ids of servers that leave, separated by commas.</summary>
    public ReadOnlySpan<byte> LeavingServers { get; init; }

    /// <summary>The whole new membership; the other two are empty then.</summary>
    public ReadOnlySpan<byte> NewMembers { get; init; }

    /// <summary>The version that the configuration must have; -1 for any.</summary>
    public long CurrentConfigId { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength =>
        (3 * sizeof(int)) + JoiningServers.Length + LeavingServers.Length + NewMembers.Length + sizeof(long);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(JoiningServers);
        writer.WriteBuffer(LeavingServers);
        writer.WriteBuffer(NewMembers);
        writer.WriteInt64(CurrentConfigId);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out ReconfigRequest record)
    {
        if (!reader.TryReadBuffer(out var joining, out _)
            || !reader.TryReadBuffer(out var leaving, out _)
            || !reader.TryReadBuffer(out var members, out _)
            || !reader.TryReadInt64(out var configId))
        {
            record = default;
            return false;
        }

        record = new ReconfigRequest
        {
            JoiningServers = joining, LeavingServers = leaving, NewMembers = members, CurrentConfigId = configId,
        };
        return true;
    }
}
