namespace Coord.StateMachine;

/// <summary>
/// Settings of the leader that apply must know: it reads none itself, so that all nodes come to the same result
/// (design.md section 10).
/// </summary>
[Flags]
public enum EntryFlags : byte
{
    /// <summary>All checks but those below.</summary>
    None = 0,

    /// <summary>ACLs are not looked at: <c>skipACL</c>.</summary>
    SkipAcl = 2,
}
