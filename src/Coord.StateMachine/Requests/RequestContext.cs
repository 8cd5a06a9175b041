namespace Coord.StateMachine;

/// <summary>What the operations of one entry share.</summary>
/// <param name="zxid">The entry's index.</param>
/// <param name="timeMs">The leader's time.</param>
/// <param name="sessionId">The session asking.</param>
/// <param name="caller">Who the connection is known to be.</param>
/// <param name="isMulti">Whether the operations are parts of a multi.</param>
/// <param name="flags">What leader and origin decided.</param>
internal readonly ref struct RequestContext(
    long zxid, long timeMs, long sessionId, Caller caller, bool isMulti, EntryFlags flags)
{
    private readonly EntryFlags _flags = flags;

    public long Zxid { get; } = zxid;

    public long TimeMs { get; } = timeMs;

    public long SessionId { get; } = sessionId;

    public Caller Caller { get; } = caller;

    public bool IsMulti { get; } = isMulti;

    /// <summary>Hard quotas refuse what exceeds them.</summary>
    public bool EnforcesQuota => (_flags & EntryFlags.EnforceQuota) != 0;

    /// <summary>Znodes with a time to live are switched off where the client asked.</summary>
    public bool RefusesTtl => (_flags & EntryFlags.RefuseTtl) != 0;
}
