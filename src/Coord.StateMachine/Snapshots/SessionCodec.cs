using System.Buffers;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>A session as an item of a snapshot.</summary>
internal static class SessionCodec
{
    private const int FixedLength = (3 * sizeof(long)) + (3 * sizeof(int)) + EntryCodec.PasswordHashLength;
    private const int ResultLength = (2 * sizeof(long)) + (2 * sizeof(int));

    /// <summary>Writes a session and says how many bytes that were.</summary>
    public static int Write(in SessionRecord session, IBufferWriter<byte> output)
    {
        int length = FixedLength;
        foreach (ref readonly var result in session.Results.AsSpan())
            length += ResultLength + result.Body.Length;

        var writer = new LittleEndianWriter(output.GetSpan(length));
        writer.Write(session.Id);
        writer.Write(session.TimeoutMs);
        writer.Write(session.Attachment);
        writer.Write(session.EphemeralCount);
        writer.Write(session.PasswordHash);
        writer.Write(session.HighestOperation);
        writer.Write(session.Results.Length);
        foreach (ref readonly var result in session.Results.AsSpan())
        {
            writer.Write(result.Operation);
            writer.Write(result.Zxid);
            writer.Write((int)result.Error);
            writer.Write(result.Body.Length);
            writer.Write(result.Body);
        }

        output.Advance(writer.Length);
        return writer.Length;
    }

    /// <summary>Reads a session; false: the bytes are none.</summary>
    public static bool TryRead(ref LittleEndianReader reader, out Session session, out int ephemerals)
    {
        session = new Session(0);
        if (!reader.TryRead(out long id) || !reader.TryRead(out int timeoutMs) || !reader.TryRead(out long attachment)
            || !reader.TryRead(out ephemerals) || !reader.TryRead(EntryCodec.PasswordHashLength, out var hash)
            || !reader.TryRead(out long highest) || !reader.TryRead(out int count)
            || count is < 0 or > RememberedResults.CountMax)
        {
            ephemerals = 0;
            return false;
        }

        session = new Session(id)
        {
            TimeoutMs = timeoutMs, Attachment = attachment, PasswordHash = hash.ToArray(),
        };
        return highest == 0 ? count == 0 : TryReadResults(ref reader, session, highest, count);
    }

    private static bool TryReadResults(ref LittleEndianReader reader, Session session, long highest, int count)
    {
        var results = new RememberedResult[count];
        foreach (ref var result in results.AsSpan())
        {
            if (!reader.TryRead(out long operation) || !reader.TryRead(out long zxid) || !reader.TryRead(out int error)
                || !reader.TryRead(out int length) || !reader.TryRead(length, out var body))
                return false;
            result = new RememberedResult(operation, zxid, (ErrorCode)error, body.ToArray());
        }

        session.Results = new RememberedResults();
        return session.Results.TryRestore(highest, results);
    }
}
