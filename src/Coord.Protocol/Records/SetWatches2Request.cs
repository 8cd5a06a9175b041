namespace Coord.Protocol;

/// <summary>
/// Registers a client's watches again after a reconnect, those that stay included. Source: zookeeper-protocol 6.6.
/// </summary>
public readonly ref struct SetWatches2Request
{
    /// <summary>The lists that setWatches has too.</summary>
    public SetWatchesRequest OneShot { get; init; }

    /// <summary>Watches set by addWatch with <see cref="AddWatchMode.Persistent"/>.</summary>
    public PathVector Persistent { get; init; }

    /// <summary>Watches set by addWatch with <see cref="AddWatchMode.PersistentRecursive"/>.</summary>
    public PathVector PersistentRecursive { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => OneShot.EncodedLength + Persistent.EncodedLength + PersistentRecursive.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        OneShot.Write(ref writer);
        Persistent.Write(ref writer);
        PersistentRecursive.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out SetWatches2Request record)
    {
        if (!SetWatchesRequest.TryRead(ref reader, out var oneShot)
            || !PathVector.TryRead(ref reader, out var persistent)
            || !PathVector.TryRead(ref reader, out var recursive))
        {
            record = default;
            return false;
        }

        record = new SetWatches2Request { OneShot = oneShot, Persistent = persistent, PersistentRecursive = recursive };
        return true;
    }
}
