namespace Coord.JepsenLike.Histories;

/// <summary>What a client asked for.</summary>
internal enum OperationKind
{
    /// <summary>sync and getData in one flight: a linearizable read.</summary>
    Read,

    /// <summary>getData alone: the state of one node, at the zxid that the reply names.</summary>
    LocalRead,

    /// <summary>getData that leaves a watch; otherwise a local read.</summary>
    WatchedRead,

    /// <summary>setWatches after a new connection, for the one watch that is still out.</summary>
    RestoreWatch,

    /// <summary>The watch fired, at no request, so invocation and completion are its arrival.</summary>
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
}
