namespace Coord.Protocol;

/// <summary>
/// Sets a client's watches that stay again after a reconnect, and asks for what they missed. Coord's own
/// (docs/internals/extensions.md, watch-from); its reply is a number of events, or -1.
/// </summary>
public readonly ref struct WatchFromRequest
{
    /// <summary>What the client has seen: it is told of all changes behind it.</summary>
    public long Zxid { get; init; }

    /// <summary>Watches set by addWatch with <see cref="AddWatchMode.Persistent"/>.</summary>
    public PathVector Persistent { get; init; }

    /// <summary>Watches set by addWatch with <see cref="AddWatchMode.PersistentRecursive"/>.</summary>
    public PathVector PersistentRecursive { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(long) + Persistent.EncodedLength + PersistentRecursive.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(Zxid);
        Persistent.Write(ref writer);
        PersistentRecursive.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out WatchFromRequest record)
    {
        if (!reader.TryReadInt64(out var zxid)
            || !PathVector.TryRead(ref reader, out var persistent)
            || !PathVector.TryRead(ref reader, out var recursive))
        {
            record = default;
            return false;
        }

        record = new WatchFromRequest { Zxid = zxid, Persistent = persistent, PersistentRecursive = recursive };
        return true;
    }
}
