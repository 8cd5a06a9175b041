namespace Coord.Client;

/// <summary>How a request ended.</summary>
internal enum RequestEnd
{
    /// <summary>The server answered; the error code tells the rest.</summary>
    Answered = 0,

    /// <summary>Sent, and the connection broke before the reply; the session may live on.</summary>
    ConnectionLost,

    /// <summary>The session ended before it was sent.</summary>
    SessionLostUnsent,

    /// <summary>The session ended after it was sent.</summary>
    SessionLost,

    /// <summary>Its time was up before it was sent.</summary>
    TimedOutUnsent,

    /// <summary>Its time was up after it was sent.</summary>
    TimedOut,

    /// <summary>The caller cancelled before it was sent.</summary>
    CancelledUnsent,

    /// <summary>The caller cancelled after it was sent.</summary>
    Cancelled,

    /// <summary>The client was disposed before it was sent.</summary>
    ClosedUnsent,

    /// <summary>The client was disposed after it was sent.</summary>
    Closed,

    /// <summary>The server refused our credentials.</summary>
    AuthFailed,

    /// <summary>Not sent: the server does not announce the extension it needs.</summary>
    NotAnnounced,

    /// <summary>The reply is over the limit.</summary>
    ReplyTooLarge,

    /// <summary>The reply could not be decoded.</summary>
    Malformed,
}
