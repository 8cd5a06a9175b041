namespace Coord.Protocol;

/// <summary>Tells of a change. Source: zookeeper-protocol 6.3.</summary>
public readonly ref struct WatcherEvent
{
    /// <summary>What happened, as a number.</summary>
    public int TypeNumber { get; init; }

    /// <summary>What happened.</summary>
    public WatchEventType Type => (WatchEventType)TypeNumber;

    /// <summary>3, connected: servers send no other.</summary>
    public int State { get; init; }

    /// <summary>The watched znode.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + sizeof(int) + sizeof(int) + Path.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(TypeNumber);
        writer.WriteInt32(State);
        writer.WriteBuffer(Path);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out WatcherEvent record)
    {
        if (!reader.TryReadInt32(out var typeNumber)
            || !reader.TryReadInt32(out var state)
            || !reader.TryReadBuffer(out var path, out _))
        {
            record = default;
            return false;
        }

        record = new WatcherEvent { TypeNumber = typeNumber, State = state, Path = path };
        return true;
    }
}
