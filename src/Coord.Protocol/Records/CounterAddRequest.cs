namespace Coord.Protocol;

/// <summary>
/// Adds to the number that a znode holds, in one write and without reading it first: Coord's own <c>counter-add</c>.
/// </summary>
public readonly ref struct CounterAddRequest
{
    /// <summary>
    /// How often a request may add at most, the repeats of its additions counted: applying it takes as long.
    /// </summary>
    public const int TimesMax = 10_000;

    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The value of a znode without bytes.</summary>
    public long Initial { get; init; }

    /// <summary>Is left with the znode, so that this write can be told from others.</summary>
    public long Tag { get; init; }

    /// <summary>
    /// 0 the first time. Sent again in another session: the one of the first time, which must be over before anything
    /// is done.
    /// </summary>
    public long FirstSession { get; init; }

    /// <summary>
    /// Sent again: what the client had seen before the first time. Nothing is done where the tags of the writes since
    /// are not all there.
    /// </summary>
    public long SeenZxid { get; init; }

    /// <summary>The additions, encoded, in the order in which they are tried.</summary>
    public ReadOnlySpan<byte> EncodedAdds { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => (2 * sizeof(int)) + Path.Length + (4 * sizeof(long)) + EncodedAdds.Length;

    /// <summary>Carries out those additions that are allowed, each on what the ones before it left.</summary>
    /// <param name="value">The counter's value.</param>
    /// <param name="sum">The value after the last.</param>
    /// <returns>False: none was allowed.</returns>
    public bool TryAdd(long value, out long sum)
    {
        sum = value;
        var isAny = false;
        var reader = new JuteReader(EncodedAdds);
        while (CounterAdd.TryRead(ref reader, out var add))
        {
            // What was refused once is refused again.
            for (var times = add.Times; times > 0 && add.TryAdd(sum, out var next); times--)
            {
                sum = next;
                isAny = true;
            }
        }

        return isAny;
    }

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteInt64(Initial);
        writer.WriteInt64(Tag);
        writer.WriteInt64(FirstSession);
        writer.WriteInt64(SeenZxid);
        writer.WriteVectorCount(EncodedAdds.Length / CounterAdd.EncodedLength);
        writer.WriteRaw(EncodedAdds);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>
    /// False: the bytes end too early, a length makes no sense, or it adds more than <see cref="TimesMax"/> times.
    /// </returns>
    public static bool TryRead(scoped ref JuteReader reader, out CounterAddRequest record)
    {
        record = default;
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadInt64(out var initial)
            || !reader.TryReadInt64(out var tag)
            || !reader.TryReadInt64(out var firstSession)
            || !reader.TryReadInt64(out var seenZxid)
            || !reader.TryReadVectorCount(out var count)
            || count < 0)
        {
            return false;
        }

        var begin = reader.Position;
        var timesLeft = TimesMax;
        for (var i = 0; i < count; i++)
        {
            if (!CounterAdd.TryRead(ref reader, out var add) || add.Times > timesLeft)
                return false;
            timesLeft -= add.Times;
        }

        record = new CounterAddRequest
        {
            Path = path, Initial = initial, Tag = tag, FirstSession = firstSession, SeenZxid = seenZxid,
            EncodedAdds = reader.Since(begin),
        };
        return true;
    }
}
