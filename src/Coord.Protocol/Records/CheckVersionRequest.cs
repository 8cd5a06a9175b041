namespace Coord.Protocol;

/// <summary>
/// Inside a multi: the znode must have this version, or for Coord's own <c>check-children</c> this cversion.
/// </summary>
public readonly ref struct CheckVersionRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The version it must have; -1 for any. A cversion: exactly this one.</summary>
    public int Version { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + sizeof(int);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteInt32(Version);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out CheckVersionRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadInt32(out var version))
        {
            record = default;
            return false;
        }

        record = new CheckVersionRequest { Path = path, Version = version };
        return true;
    }
}
