namespace Coord.Protocol;

/// <summary>Stands before every request but the handshake.</summary>
/// <param name="Xid">The client's number for the request; the reply carries the same.</param>
/// <param name="Op">What is asked for.</param>
public readonly record struct RequestHeader(int Xid, OpCode Op)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = 8;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(Xid);
        writer.WriteInt32((int)Op);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="header">What was read; the opcode may be one that nobody knows.</param>
    /// <returns>False: the bytes end too early.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out RequestHeader header)
    {
        var isRead = reader.TryReadInt32(out var xid) & reader.TryReadInt32(out var op);
        header = new RequestHeader(xid, (OpCode)op);
        return isRead;
    }
}
