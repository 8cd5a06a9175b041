namespace Coord.StateMachine;

/// <summary>
/// Settings that apply must know: it reads none itself, so that all nodes come to the same result (design.md section
/// 10).
/// </summary>
[Flags]
public enum EntryFlags : byte
{
    /// <summary>The defaults.</summary>
    None = 0,

    /// <summary>Set by the leader: hard quotas refuse what exceeds them (<c>enforceQuota</c>).</summary>
    EnforceQuota = 1,

    /// <summary>Set by the leader: ACLs are not looked at (<c>skipACL</c>).</summary>
    SkipAcl = 2,

    /// <summary>
    /// Set by the client's node: znodes with a time to live are switched off (<c>extendedTypesEnabled</c>).
    /// </summary>
    RefuseTtl = 4,

    /// <summary>What the leader decides; the rest is the origin's.</summary>
    OfLeader = EnforceQuota | SkipAcl,
}
