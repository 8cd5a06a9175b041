namespace Coord.Protocol;

/// <summary>Registers a client's watches again after a reconnect. Source: zookeeper-protocol 6.6.</summary>
public readonly ref struct SetWatchesRequest
{
    /// <summary>What the client has seen: changes after it fire at once.</summary>
    public long RelativeZxid { get; init; }

    /// <summary>Watches set by getData, and by exists on a znode that was there.</summary>
    public PathVector Data { get; init; }

    /// <summary>Watches set by exists on a znode that was not there.</summary>
    public PathVector Exist { get; init; }

    /// <summary>Watches set by getChildren.</summary>
    public PathVector Child { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(long) + Data.EncodedLength + Exist.EncodedLength + Child.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(RelativeZxid);
        Data.Write(ref writer);
        Exist.Write(ref writer);
        Child.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out SetWatchesRequest record)
    {
        if (!reader.TryReadInt64(out var relativeZxid)
            || !PathVector.TryRead(ref reader, out var data)
            || !PathVector.TryRead(ref reader, out var exist)
            || !PathVector.TryRead(ref reader, out var child))
        {
            record = default;
            return false;
        }

        record = new SetWatchesRequest { RelativeZxid = relativeZxid, Data = data, Exist = exist, Child = child };
        return true;
    }
}
