namespace Coord.Protocol;

/// <summary>The answer to a <see cref="ConnectRequest"/>. All zeros: refused, the session is over.</summary>
/// <param name="timeoutMs">The session's timeout in milliseconds; 0 when refused.</param>
/// <param name="sessionId">The session; 0 when refused.</param>
/// <param name="password">Sixteen bytes.</param>
/// <param name="hasReadOnly">The request had the read-only byte, so the answer has it too.</param>
/// <param name="isReadOnly">The server has no quorum.</param>
public readonly ref struct ConnectResponse(
    int timeoutMs, long sessionId, ReadOnlySpan<byte> password, bool hasReadOnly, bool isReadOnly)
{
    /// <summary>The session's timeout in milliseconds; 0 when refused.</summary>
    public int TimeoutMs { get; } = timeoutMs;

    /// <summary>The session; 0 when refused.</summary>
    public long SessionId { get; } = sessionId;

    /// <summary>Sixteen bytes.</summary>
    public ReadOnlySpan<byte> Password { get; } = password;

    /// <summary>Whether the last byte is there.</summary>
    public bool HasReadOnly { get; } = hasReadOnly;

    /// <summary>The server has no quorum.</summary>
    public bool ReadOnly { get; } = isReadOnly;

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => 20 + Password.Length + (HasReadOnly ? 1 : 0);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(0);
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
    public static bool TryRead(scoped ref JuteReader reader, out ConnectResponse record)
    {
        if (!reader.TryReadInt32(out _) || !reader.TryReadInt32(out var timeoutMs)
            || !reader.TryReadInt64(out var sessionId) || !reader.TryReadBuffer(out var password, out _))
        {
            record = default;
            return false;
        }

        var hasReadOnly = reader.TryReadBool(out var isReadOnly);
        record = new ConnectResponse(timeoutMs, sessionId, password, hasReadOnly, isReadOnly);
        return true;
    }
}
