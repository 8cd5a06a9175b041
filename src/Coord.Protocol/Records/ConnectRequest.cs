namespace Coord.Protocol;

/// <summary>The first record of a connection: a new session, or one taken up again.</summary>
/// <param name="protocolVersion">0.</param>
/// <param name="lastZxidSeen">The newest zxid that the client has seen; 0 for none.</param>
/// <param name="timeoutMs">Session timeout asked for, in milliseconds.</param>
/// <param name="sessionId">0 for a new session.</param>
/// <param name="password">What the server gave for the session; zeros for a new one.</param>
/// <param name="readOnly">A server without a quorum will do.</param>
public readonly ref struct ConnectRequest(
    int protocolVersion, long lastZxidSeen, int timeoutMs, long sessionId, ReadOnlySpan<byte> password, bool readOnly)
{
    /// <summary>0.</summary>
    public int ProtocolVersion { get; } = protocolVersion;

    /// <summary>The newest zxid that the client has seen; 0 for none.</summary>
    public long LastZxidSeen { get; } = lastZxidSeen;

    /// <summary>Session timeout asked for, in milliseconds.</summary>
    public int TimeoutMs { get; } = timeoutMs;

    /// <summary>0 for a new session.</summary>
    public long SessionId { get; } = sessionId;

    /// <summary>What the server gave for the session; a null one reads as empty.</summary>
    public ReadOnlySpan<byte> Password { get; } = password;

    /// <summary>A server without a quorum will do.</summary>
    public bool ReadOnly { get; } = readOnly;

    /// <summary>
    /// Whether the last byte is there: older clients leave it out, and then must not get it in the answer.
    /// </summary>
    public bool HasReadOnly { get; private init; } = true;

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => 28 + Password.Length + (HasReadOnly ? 1 : 0);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(ProtocolVersion);
        writer.WriteInt64(LastZxidSeen);
        writer.WriteInt32(TimeoutMs);
        writer.WriteInt64(SessionId);
        writer.WriteBuffer(Password);
        if (HasReadOnly)
            writer.WriteBool(ReadOnly);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out ConnectRequest record)
    {
        if (!reader.TryReadInt32(out var version) || !reader.TryReadInt64(out var lastZxidSeen)
            || !reader.TryReadInt32(out var timeoutMs) || !reader.TryReadInt64(out var sessionId)
            || !reader.TryReadBuffer(out var password, out _))
        {
            record = default;
            return false;
        }

        var hasReadOnly = reader.TryReadBool(out var readOnly);
        record = new ConnectRequest(version, lastZxidSeen, timeoutMs, sessionId, password, readOnly)
        {
            HasReadOnly = hasReadOnly,
        };
        return true;
    }
}
