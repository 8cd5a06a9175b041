namespace Coord.StateMachine;

/// <summary>
/// The tables of watches. ZooKeeper keeps recursive ones with the data watches; apart, a change finds those of its
/// ancestors without passing over all others that are set there.
/// </summary>
public enum WatchKind : byte
{
    /// <summary>Set by getData and exists, and by addWatch for a persistent watch.</summary>
    Data = 0,

    /// <summary>Set by getChildren and getChildren2, and by addWatch for a persistent watch.</summary>
    Child = 1,

    /// <summary>Set by addWatch for a persistent recursive watch.</summary>
    Recursive = 2,
}
