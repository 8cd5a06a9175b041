using System.Net;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Clients;

/// <summary>Log lines about client connections: rare events only, a line per cause.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(2001, LogLevel.Debug, "{Address}: no handshake within {Seconds} s, closed")]
    public static partial void HandshakeTimedOut(ILogger logger, string address, int seconds);

    [LoggerMessage(2002, LogLevel.Warning,
        "{Address}: refused; at most {Limit} connections (maxCnxns), {PerAddress} of one address (0: any)")]
    public static partial void ConnectionRefused(ILogger logger, IPAddress address, int limit, int perAddress);

    [LoggerMessage(2003, LogLevel.Information,
        "{Address}: closed, it sent a frame that is empty, negative or over jute.maxbuffer ({Limit} bytes)")]
    public static partial void FrameRefused(ILogger logger, string address, int limit);

    [LoggerMessage(2004, LogLevel.Information, "{Address}: closed, its auth by scheme '{Scheme}' is refused")]
    public static partial void AuthRefused(ILogger logger, string address, string scheme);

    [LoggerMessage(2005, LogLevel.Warning,
        "{Address}: its auth is refused, its identities would take over {Limit} bytes "
        + "(limits:clientIdentitiesBytesMax)")]
    public static partial void IdentitiesRefused(ILogger logger, string address, int limit);

    [LoggerMessage(2006, LogLevel.Information, "{Address}: closed, it means another ensemble (ensembleAuthName)")]
    public static partial void WrongEnsemble(ILogger logger, string address);

    [LoggerMessage(2007, LogLevel.Information,
        "{Address}: closed, it asks before it has shown an identity of {Schemes} (enforce.auth.schemes)")]
    public static partial void NotAuthenticated(ILogger logger, string address, string schemes);

    [LoggerMessage(2009, LogLevel.Warning,
        "{Address}: closed, {Bytes} bytes wait for it to read them or to send the rest, and connections take over "
        + "{Limit} (limits:clientMemoryMax)")]
    public static partial void WaitingCut(ILogger logger, string address, long bytes, long limit);

    [LoggerMessage(2008, LogLevel.Information, "{Address}: closed, no TLS came about: {Reason}")]
    public static partial void HandshakeRefused(ILogger logger, string address, string reason);
}
