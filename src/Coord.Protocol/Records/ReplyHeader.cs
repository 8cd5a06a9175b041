namespace Coord.Protocol;

/// <summary>Stands before every reply and event but the answer to the handshake.</summary>
/// <param name="Xid">The request's number; -1 for an event.</param>
/// <param name="Zxid">Of the write, or the last one applied where the reply was made.</param>
/// <param name="Err">How the request ended; a record follows only after <see cref="ErrorCode.Ok"/>.</param>
public readonly record struct ReplyHeader(int Xid, Zxid Zxid, ErrorCode Err)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = 16;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(Xid);
        writer.WriteInt64(Zxid.Value);
        writer.WriteInt32((int)Err);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="header">What was read.</param>
    /// <returns>False: the bytes end too early.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out ReplyHeader header)
    {
        var isRead = reader.TryReadInt32(out var xid) & reader.TryReadInt64(out var zxid)
            & reader.TryReadInt32(out var error);
        header = new ReplyHeader(xid, new Zxid(zxid), (ErrorCode)error);
        return isRead;
    }
}
