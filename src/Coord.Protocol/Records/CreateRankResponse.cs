namespace Coord.Protocol;

/// <summary>What <c>create-rank</c> replies.</summary>
public readonly ref struct CreateRankResponse
{
    /// <summary>The final path, with its number.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Of the new znode.</summary>
    public Stat Stat { get; init; }

    /// <summary>How many stand in line before it; -1 when that is not told.</summary>
    public int Position { get; init; }

    /// <summary>
    /// The name of the nearest before it to wait for; empty when there is none, or when it is not told.
    /// </summary>
    public ReadOnlySpan<byte> Predecessor { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => (3 * sizeof(int)) + Path.Length + Stat.EncodedLength + Predecessor.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        Stat.Write(ref writer);
        writer.WriteInt32(Position);
        writer.WriteBuffer(Predecessor);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out CreateRankResponse record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !Stat.TryRead(ref reader, out var stat)
            || !reader.TryReadInt32(out var position)
            || !reader.TryReadBuffer(out var predecessor, out _))
        {
            record = default;
            return false;
        }

        record = new CreateRankResponse { Path = path, Stat = stat, Position = position, Predecessor = predecessor };
        return true;
    }
}
