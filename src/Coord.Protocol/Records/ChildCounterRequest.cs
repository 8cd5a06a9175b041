namespace Coord.Protocol;

/// <summary>Raises how many children a znode counts as ever created: Coord's own <c>child-counter</c>.</summary>
public readonly ref struct ChildCounterRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The number that the next sequential child gets, if it is higher than the present one.</summary>
    public long Created { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + sizeof(long);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteInt64(Created);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out ChildCounterRequest record)
    {
        record = default;
        if (!reader.TryReadBuffer(out var path, out _) || !reader.TryReadInt64(out var created))
            return false;
        record = new ChildCounterRequest { Path = path, Created = created };
        return true;
    }
}
