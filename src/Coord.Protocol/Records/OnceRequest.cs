namespace Coord.Protocol;

/// <summary>
/// A write that its session numbers, so that sending it again after a lost reply gets the first reply instead of a
/// second effect (Coord's own, feature <c>dedupe</c>; raft-design I10).
/// </summary>
public readonly ref struct OnceRequest
{
    /// <summary>
    /// The operation's number: above 0, and above those of all operations that the session sent before.
    /// </summary>
    public long Operation { get; init; }

    /// <summary>The replies up to this number have arrived: the server may forget them. 0 for none.</summary>
    public long Acknowledged { get; init; }

    /// <summary>The write: its opcode (int) and its record, as they would follow the xid.</summary>
    public ReadOnlySpan<byte> Request { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => (2 * sizeof(long)) + Request.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(Operation);
        writer.WriteInt64(Acknowledged);
        writer.WriteRaw(Request);
    }

    /// <summary>Reads the record, to the end of the reader's bytes; the request points into them.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>
    /// False: the bytes end too early, or the numbers make no sense (0 &lt;= acknowledged &lt; operation).
    /// </returns>
    public static bool TryRead(scoped ref JuteReader reader, out OnceRequest record)
    {
        if (!reader.TryReadInt64(out var operation)
            || !reader.TryReadInt64(out var acknowledged)
            || acknowledged < 0
            || operation <= acknowledged
            || reader.Remaining < sizeof(int))
        {
            record = default;
            return false;
        }

        record = new OnceRequest
        {
            Operation = operation, Acknowledged = acknowledged, Request = reader.ReadRest(),
        };
        return true;
    }
}
