namespace Coord.Protocol;

/// <summary>What getData replies.</summary>
public readonly ref struct GetDataResponse
{
    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Whether <see cref="Data"/> is null, which is not the same as empty.</summary>
    public bool IsDataNull { get; init; }

    /// <summary>Of the znode.</summary>
    public Stat Stat { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Data.Length + Stat.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteNullable(Data, IsDataNull);
        Stat.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out GetDataResponse record)
    {
        if (!reader.TryReadBuffer(out var data, out var isDataNull)
            || !Stat.TryRead(ref reader, out var stat))
        {
            record = default;
            return false;
        }

        record = new GetDataResponse { Data = data, IsDataNull = isDataNull, Stat = stat };
        return true;
    }
}
