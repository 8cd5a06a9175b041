using System.Buffers.Binary;

namespace Coord.StateMachine;

/// <summary>Builds whole entries in one array each; that array is what the log, the peers and apply all use.</summary>
public static class EntryCodec
{
    /// <summary>Length of the SHA-256 of a session's password.</summary>
    public const int PasswordHashLength = 32;

    private const int SessionBodyLength = sizeof(int) + PasswordHashLength;

    /// <summary>
    /// A client's request. <paramref name="request"/> starts with its opcode, as in the client's frame behind the xid.
    /// </summary>
    public static byte[] Request(in EntryHeader header, ReadOnlySpan<byte> identities, ReadOnlySpan<byte> request)
    {
        byte[] entry = Create(header with { Command = EntryCommand.Request }, identities, request.Length);
        request.CopyTo(entry.AsSpan(entry.Length - request.Length));
        return entry;
    }

    /// <summary>Creation of a session, or its re-attach.</summary>
    /// <param name="header">Command <see cref="EntryCommand.CreateSession"/> or ReattachSession.</param>
    /// <param name="timeoutMs">The negotiated timeout.</param>
    /// <param name="passwordHash">SHA-256 of the 16-byte password: <see cref="PasswordHashLength"/> bytes.</param>
    public static byte[] Session(in EntryHeader header, int timeoutMs, ReadOnlySpan<byte> passwordHash)
    {
        byte[] entry = Create(header, identities: default, SessionBodyLength);
        var body = entry.AsSpan(entry.Length - SessionBodyLength);
        BinaryPrimitives.WriteInt32LittleEndian(body, timeoutMs);
        passwordHash.CopyTo(body[sizeof(int)..]);
        return entry;
    }

    /// <summary>End of a session: <see cref="EntryCommand.CloseSession"/> or ExpireSession.</summary>
    public static byte[] SessionEnd(in EntryHeader header) => Create(header, identities: default, bodyLength: 0);

    /// <summary>The deletion of a znode that a sweep found due: <see cref="EntryCommand.Sweep"/>.</summary>
    /// <param name="header">Has the command; the time is the leader's at which the znode was due.</param>
    /// <param name="znode">Which one.</param>
    /// <param name="neverUsedMs">How long a container waits for its first child; 0 for ever.</param>
    public static byte[] Sweep(in EntryHeader header, in SweepCandidate znode, long neverUsedMs)
    {
        int length = SweepBody.NumbersLength + znode.Path.Length;
        byte[] entry = Create(header, identities: default, length);
        new SweepBody(znode.Czxid, neverUsedMs, znode.Path).Write(entry.AsSpan(entry.Length - length));
        return entry;
    }

    /// <summary>Reads the body of a session's creation or re-attach.</summary>
    internal static bool TryReadSession(ReadOnlySpan<byte> body, out int timeoutMs, out ReadOnlySpan<byte> passwordHash)
    {
        bool isWhole = body.Length == SessionBodyLength;
        timeoutMs = isWhole ? BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
        passwordHash = isWhole ? body[sizeof(int)..] : default;
        return timeoutMs > 0;
    }

    private static byte[] Create(in EntryHeader header, ReadOnlySpan<byte> identities, int bodyLength)
    {
        byte[] entry = new byte[EntryHeader.Length + identities.Length + bodyLength];
        (header with { IdentitiesLength = identities.Length }).Write(entry);
        identities.CopyTo(entry.AsSpan(EntryHeader.Length));
        return entry;
    }
}
