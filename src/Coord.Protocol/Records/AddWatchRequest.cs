namespace Coord.Protocol;

/// <summary>Asks for a watch that stays. Source: zookeeper-protocol 6.2.</summary>
public readonly ref struct AddWatchRequest
{
    /// <summary>The znode, which need not exist. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Which watch, as a number: clients may send any.</summary>
    public int ModeNumber { get; init; }

    /// <summary>Which watch.</summary>
    public AddWatchMode Mode => (AddWatchMode)ModeNumber;

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + sizeof(int);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteInt32(ModeNumber);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out AddWatchRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadInt32(out var modeNumber))
        {
            record = default;
            return false;
        }

        record = new AddWatchRequest { Path = path, ModeNumber = modeNumber };
        return true;
    }
}
