namespace Coord.Client;

/// <summary>Where a client stands with the cluster.</summary>
public enum SessionState
{
    /// <summary>Nothing was asked of the client yet.</summary>
    Idle = 0,

    /// <summary>No session yet, or the last one is lost; looking for a server.</summary>
    Connecting = 1,

    /// <summary>Connected with a session.</summary>
    Connected = 2,

    /// <summary>Connected to a server that has lost its quorum: reads only.</summary>
    ConnectedReadOnly = 3,

    /// <summary>The connection broke; the session lives until its deadline. Reads wait, locks are still held.</summary>
    Suspended = 4,

    /// <summary>
    /// The session ended, or its deadline passed. A new one is sought at once; nothing of the old one returns.
    /// </summary>
    Lost = 5,

    /// <summary>
    /// The server refused our credentials. Final, unless they come from
    /// <see cref="CoordClientOptions.AuthCallback"/>: then it ends after 30 s with another attempt.
    /// </summary>
    AuthFailed = 6,

    /// <summary>The client was disposed. Final.</summary>
    Closed = 7,
}
