namespace Coord.Protocol;

/// <summary>
/// Names watches of the client on one path: checkWatches, removeWatches. Source: zookeeper-protocol 6.7.
/// </summary>
public readonly ref struct WatcherTypeRequest
{
    /// <summary>The watched path. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Which watches, as a number: clients may send any.</summary>
    public int TypeNumber { get; init; }

    /// <summary>Which watches.</summary>
    public WatcherType Type => (WatcherType)TypeNumber;

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + sizeof(int);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteInt32(TypeNumber);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out WatcherTypeRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadInt32(out var typeNumber))
        {
            record = default;
            return false;
        }

        record = new WatcherTypeRequest { Path = path, TypeNumber = typeNumber };
        return true;
    }
}
