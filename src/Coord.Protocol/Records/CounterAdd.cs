namespace Coord.Protocol;

/// <summary>
/// An addition to a counter, carried out if the sum is within bounds, once or several times in a row: Coord's own
/// <c>counter-add</c>.
/// </summary>
/// <param name="Delta">What to add; may be negative.</param>
/// <param name="Min">The least sum allowed.</param>
/// <param name="Max">The largest sum allowed.</param>
/// <param name="Times">How often it is tried; above 0.</param>
public readonly record struct CounterAdd(long Delta, long Min, long Max, int Times = 1)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = (3 * sizeof(long)) + sizeof(int);

    /// <summary>Adds once, if that is allowed.</summary>
    /// <param name="value">The counter's value.</param>
    /// <param name="sum">The value with the addition.</param>
    /// <returns>False: the sum is out of bounds, or does not fit 64 bits.</returns>
    public bool TryAdd(long value, out long sum)
    {
        sum = unchecked(value + Delta);
        var fits = Delta >= 0 ? sum >= value : sum < value;
        return fits && sum >= Min && sum <= Max;
    }

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(Delta);
        writer.WriteInt64(Min);
        writer.WriteInt64(Max);
        writer.WriteInt32(Times);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or it is to be tried not even once.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out CounterAdd record)
    {
        var isRead = reader.TryReadInt64(out var delta) & reader.TryReadInt64(out var min)
            & reader.TryReadInt64(out var max) & reader.TryReadInt32(out var times);
        record = new CounterAdd(delta, min, max, times);
        return isRead && times > 0;
    }
}
