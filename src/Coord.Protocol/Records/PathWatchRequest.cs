namespace Coord.Protocol;

/// <summary>
/// Asks for a <see cref="Stat"/>, data or children, and for a watch: exists, getData, getChildren, getChildren2.
/// </summary>
public readonly ref struct PathWatchRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Whether to tell of the next change.</summary>
    public bool Watch { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + sizeof(bool);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteBool(Watch);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out PathWatchRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadBool(out var watch))
        {
            record = default;
            return false;
        }

        record = new PathWatchRequest { Path = path, Watch = watch };
        return true;
    }
}
