using Microsoft.Extensions.Logging;

namespace Coord.Node.Tls;

/// <summary>What operators read about certificates.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(2101, LogLevel.Information,
        "{Section}: the files changed; new connections use what they hold now, valid until {Until:u}")]
    public static partial void Renewed(ILogger logger, string section, DateTime until);

    [LoggerMessage(2102, LogLevel.Warning,
        "{Section}: the files changed, but the certificate before stays in use: {Problem}")]
    public static partial void NotRenewed(ILogger logger, string section, string problem);
}
