namespace Coord.Protocol;

/// <summary>How a request ended. No other number may be sent: clients throw on unknown ones.</summary>
public enum ErrorCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Marks a range; never on the wire.</summary>
    SystemError = -1,

    /// <summary>In a multi: an operation after the one that failed.</summary>
    RuntimeInconsistency = -2,

    /// <summary>Not sent by servers.</summary>
    DataInconsistency = -3,

    /// <summary>Made by clients.</summary>
    ConnectionLoss = -4,

    /// <summary>The request cannot be decoded.</summary>
    MarshallingError = -5,

    /// <summary>The operation is unknown.</summary>
    Unimplemented = -6,

    /// <summary>Made by clients.</summary>
    OperationTimeout = -7,

    /// <summary>A path, flag or time is not valid.</summary>
    BadArguments = -8,

    /// <summary>
    /// Made by the C client; sent by Coord's servers only for <c>counter-add</c>: the bytes are no counter.
    /// </summary>
    InvalidState = -9,

    /// <summary>Internal.</summary>
    UnknownSession = -12,

    /// <summary>No quorum of the new membership is in step.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>Another change of membership is running.</summary>
    ReconfigInProgress = -14,

    /// <summary>Made by the C client.</summary>
    SslConnectionError = -15,

    /// <summary>Marks a range; never on the wire.</summary>
    ApiError = -100,

    /// <summary>The znode or its parent does not exist.</summary>
    NoNode = -101,

    /// <summary>The access control list denies it.</summary>
    NoAuth = -102,

    /// <summary>The version is another one.</summary>
    BadVersion = -103,

    /// <summary>The parent is ephemeral.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The znode exists.</summary>
    NodeExists = -110,

    /// <summary>The znode has children.</summary>
    NotEmpty = -111,

    /// <summary>The session is over.</summary>
    SessionExpired = -112,

    /// <summary>Made by clients.</summary>
    InvalidCallback = -113,

    /// <summary>The access control list is not valid.</summary>
    InvalidAcl = -114,

    /// <summary>The identity was refused; the connection closes.</summary>
    AuthFailed = -115,

    /// <summary>Made by the C client.</summary>
    Closing = -116,

    /// <summary>Made by the C client.</summary>
    Nothing = -117,

    /// <summary>The session lives on another connection; never sent to clients.</summary>
    SessionMoved = -118,

    /// <summary>The server is read-only.</summary>
    NotReadOnly = -119,

    /// <summary>A local session cannot own ephemerals.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>No such watch.</summary>
    NoWatcher = -121,

    /// <summary>Made by clients.</summary>
    RequestTimeout = -122,

    /// <summary>Changes of membership are switched off.</summary>
    ReconfigDisabled = -123,

    /// <summary>Authentication is required; the connection closes.</summary>
    SessionClosedRequireSaslAuth = -124,

    /// <summary>A hard quota would be exceeded.</summary>
    QuotaExceeded = -125,

    /// <summary>The server is overloaded.</summary>
    ThrottledOp = -127,
}
