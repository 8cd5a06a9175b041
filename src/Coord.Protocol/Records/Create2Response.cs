namespace Coord.Protocol;

/// <summary>What create2, createContainer and createTTL reply.</summary>
public readonly ref struct Create2Response
{
    /// <summary>The final path, a counter included.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Of the new znode.</summary>
    public Stat Stat { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + Stat.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        Stat.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out Create2Response record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !Stat.TryRead(ref reader, out var stat))
        {
            record = default;
            return false;
        }

        record = new Create2Response { Path = path, Stat = stat };
        return true;
    }
}
