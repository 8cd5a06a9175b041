using Microsoft.Extensions.Logging;

namespace Coord.Node.Audit;

/// <summary>The lines of the audit log, each with a mark to find them by.</summary>
internal static partial class AuditLines
{
    [LoggerMessage(2201, LogLevel.Information, "audit: {Line}")]
    public static partial void Audited(ILogger logger, string line);

    [LoggerMessage(2202, LogLevel.Warning, "audit: {Count} lines are lost, {Why}")]
    public static partial void Lost(ILogger logger, long count, string why);
}
