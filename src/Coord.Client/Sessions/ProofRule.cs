namespace Coord.Client;

/// <summary>Which replies prove that the session lives, as decided for one server.</summary>
internal enum ProofRule
{
    /// <summary>Every reply.</summary>
    AnyReply,

    /// <summary>
    /// Replies to pings, writes and syncs: the server answers these only behind a leader that a quorum still follows.
    /// </summary>
    ServerProves,

    /// <summary>A write, once another one sent at least 0.3 timeouts later has been answered too.</summary>
    ConfirmedWrites,
}
