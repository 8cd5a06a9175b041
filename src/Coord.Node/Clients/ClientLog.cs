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
}
