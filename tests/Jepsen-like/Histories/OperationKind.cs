namespace Coord.JepsenLike.Histories;

/// <summary>What a client asked for.</summary>
internal enum OperationKind
{
    /// <summary>sync and getData in one flight: a linearizable read.</summary>
    Read,

    /// <summary>
    /// getData alone, or exists of a child, or getChildren of a parent: the state of one node, at the zxid that the
    /// reply names.
    /// </summary>
    LocalRead,

    /// <summary>A local read that leaves a watch, where exists asks also without a znode.</summary>
    WatchedRead,

    /// <summary>addWatch; the amount is the list in which setWatches2 names it.</summary>
    AddWatch,

    /// <summary>setWatches or setWatches2 after a new connection, for one watch that is still out.</summary>
    RestoreWatch,

    /// <summary>
    /// A watch fired, at no request, so invocation and completion are its arrival; the amount is the event's type.
    /// </summary>
    Event,

    /// <summary>setData without a condition.</summary>
    Set,

    /// <summary>setData with the version that must be there.</summary>
    CompareAndSet,

    /// <summary>create of an ephemeral znode: taking a lock.</summary>
    CreateEphemeral,

    /// <summary>delete without a condition.</summary>
    Delete,

    /// <summary>closeSession: ends every ephemeral of the session.</summary>
    CloseSession,

    /// <summary>
    /// The client of a session is gone without a word, or was told that its session has expired (then completed, with
    /// error -112). Invoked is the last moment at which a node is known to have heard of it.
    /// </summary>
    LoseSession,

    /// <summary>create of a lasting znode: adding an element, or an item.</summary>
    Create,

    /// <summary>create of a znode that is numbered by its parent; the amount is the number.</summary>
    CreateSequential,

    /// <summary>delete of an item, by which it is taken: once, by whoever is told so.</summary>
    Take,

    /// <summary>multi of checks and conditional setData, on what was read before.</summary>
    Transaction,

    /// <summary>
    /// A time in which a client held a lock, from when it knew to when it let go or found it lost. The amount is the
    /// moment up to which the servers cannot have ended its session: its last contact and the timeout.
    /// </summary>
    Hold,

    /// <summary>
    /// A session without a word: invoked is its last contact, completed when it attached again, or was told that it
    /// has expired.
    /// </summary>
    Silence,

    /// <summary>Asking all nodes who leads; succeeds when all answer at once and one of them does.</summary>
    Probe,

    /// <summary>The digest of a node's state behind a zxid.</summary>
    Digest,
}
