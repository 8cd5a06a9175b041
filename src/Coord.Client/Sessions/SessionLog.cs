using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>What the client logs about its session. Secrets and znode bytes never.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "Session 0x{SessionId:x} epoch {Epoch}: {State}: {Reason}")]
    internal static partial void Changed(ILogger logger, long sessionId, long epoch, SessionState state, string reason);

    [LoggerMessage(
        2, LogLevel.Warning,
        "Session 0x{SessionId:x} epoch {Epoch} is lost: {Reason}; its timeout was {Timeout}, last contact {Ago} ago")]
    internal static partial void Lost(
        ILogger logger, long sessionId, long epoch, string reason, TimeSpan timeout, TimeSpan ago);

    [LoggerMessage(3, LogLevel.Warning, "The process stood still for {Pause}; the session deadline has been checked")]
    internal static partial void Paused(ILogger logger, TimeSpan pause);

    [LoggerMessage(4, LogLevel.Debug, "{Endpoint}: {Error}")]
    internal static partial void AttemptFailed(ILogger logger, Endpoint endpoint, string error);

    [LoggerMessage(5, LogLevel.Error, "A callback of a lost token threw")]
    internal static partial void CallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "The sweeper's backlog is full: {Path} may be left behind")]
    internal static partial void SweeperFull(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Error, "The sweeper cannot delete {Path}: {Error}")]
    internal static partial void SweepRefused(ILogger logger, string path, string error);

    [LoggerMessage(8, LogLevel.Warning, "Credentials are sent in clear to {Endpoint}")]
    internal static partial void SecretsInClear(ILogger logger, Endpoint endpoint);

    [LoggerMessage(9, LogLevel.Warning,
        "The cluster was reset: it is at zxid 0x{Zxid:x}, behind what this client saw of it")]
    internal static partial void ClusterReset(ILogger logger, long zxid);

    [LoggerMessage(10, LogLevel.Warning, "EndpointSource threw; it is enumerated again")]
    internal static partial void EndpointSourceFailed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Error,
        "A CoordClient was collected and never disposed: its session stays until the process ends. Made by: {MadeBy}")]
    internal static partial void NotDisposed(ILogger logger, string madeBy);
}
