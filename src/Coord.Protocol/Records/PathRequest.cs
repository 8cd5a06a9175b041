namespace Coord.Protocol;

/// <summary>A path and nothing else: sync, getACL, and Coord's own <c>check-absent</c>.</summary>
public readonly ref struct PathRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out PathRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _))
        {
            record = default;
            return false;
        }

        record = new PathRequest { Path = path };
        return true;
    }
}
