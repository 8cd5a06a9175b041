namespace Coord.StateMachine;

/// <summary>What the operations of one entry share.</summary>
/// <param name="zxid">The entry's index.</param>
/// <param name="timeMs">The leader's time.</param>
/// <param name="sessionId">The session asking.</param>
/// <param name="identities">Who the connection is known to be, encoded.</param>
/// <param name="isMulti">Whether the operations are parts of a multi.</param>
internal readonly ref struct RequestContext(
    long zxid, long timeMs, long sessionId, ReadOnlySpan<byte> identities, bool isMulti)
{
    public long Zxid { get; } = zxid;

    public long TimeMs { get; } = timeMs;

    public long SessionId { get; } = sessionId;

    public ReadOnlySpan<byte> Identities { get; } = identities;

    public bool IsMulti { get; } = isMulti;
}
