namespace Coord.Protocol.Tests;

/// <summary>Reads a payload and writes what it understood: the same bytes, if it understood all.</summary>
internal static class FrameEcho
{
    /// <returns>False: a record cannot be read.</returns>
    public static bool TryEcho(
        bool isRequest, OpCode? op, ReadOnlySpan<byte> payload, scoped ref JuteWriter writer, out int unread)
    {
        var reader = new JuteReader(payload);
        var isRead = (isRequest, op) switch
        {
            (true, null) => ConnectRequest.TryRead(ref reader, out var request) && request.Echo(ref writer),
            (false, null) => ConnectResponse.TryRead(ref reader, out var response) && response.Echo(ref writer),
            (true, _) => RequestHeader.TryRead(ref reader, out var header) && header.Echo(ref writer)
                && RequestEcho.TryEcho(header.Op, ref reader, ref writer),
            (false, _) => ReplyHeader.TryRead(ref reader, out var header) && header.Echo(ref writer)
                && (header.Err != ErrorCode.Ok || ReplyEcho.TryEcho(op!.Value, ref reader, ref writer)),
        };
        unread = reader.Remaining;
        return isRead;
    }

    private static bool Echo(this in ConnectRequest record, scoped ref JuteWriter writer)
    {
        record.Write(ref writer);
        return true;
    }

    private static bool Echo(this in ConnectResponse record, scoped ref JuteWriter writer)
    {
        record.Write(ref writer);
        return true;
    }

    private static bool Echo(this RequestHeader record, scoped ref JuteWriter writer)
    {
        record.Write(ref writer);
        return true;
    }

    private static bool Echo(this ReplyHeader record, scoped ref JuteWriter writer)
    {
        record.Write(ref writer);
        return true;
    }
}
