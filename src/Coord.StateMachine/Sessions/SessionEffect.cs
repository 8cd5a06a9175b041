namespace Coord.StateMachine;

/// <summary>What an entry did to the session it names.</summary>
public enum SessionEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was created, with the entry's index as its id.</summary>
    Created,

    /// <summary>It moved to a new connection, with the entry's index as its attachment.</summary>
    Reattached,

    /// <summary>A re-attach of an unknown session or with a wrong password: nothing changed.</summary>
    ReattachRefused,

    /// <summary>It ended, by its client or by expiry; its ephemerals are gone.</summary>
    Ended,
}
