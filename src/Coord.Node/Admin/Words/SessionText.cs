using System.Globalization;
using System.Text;
using Coord.Node.Hosting;

namespace Coord.Node.Admin.Words;

/// <summary>The answer to <c>dump</c>: sessions, ephemerals and connections (zookeeper-protocol 10.1).</summary>
internal static class SessionText
{
    public static string Write(
        SessionReport report, IReadOnlyList<ConnectionStatus> connections, NodeStatus status, NodeSettings settings)
    {
        var text = new StringBuilder("SessionTracker dump:\n");
        if (status.Role == NodeRole.Leader)
            AppendExpiring(text, "Session", report.Sessions, session => session.ExpiresMs, Line, settings);
        else
            AppendKnown(text, report.Sessions);
        AppendEphemerals(text, report);
        text.Append("Connections dump:\n");

        AppendExpiring(text, "Connections", connections, connection => EndOf(connection, settings), Line, settings);
        return text.ToString();
    }

    /// <summary>When a session's time is over, to the next tick as ZooKeeper counts it.</summary>
    public static long BucketOf(long expiresMs, NodeSettings settings)
    {
        var tick = (long)settings.Limits.TickTime.TotalMilliseconds;
        return ((expiresMs / tick) + 1) * tick;
    }

    // When a connection on which nothing more happens has been silent for its session's timeout; without a session,
    // for what a handshake may take.
    private static long? EndOf(ConnectionStatus connection, NodeSettings settings)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (connection.Session is not { Id: not 0 } session)
            return now + (long)settings.Limits.ClientHandshakeTimeout.TotalMilliseconds;
        return Math.Max(session.Figures.EstablishedMs, now - session.Figures.IdleMs) + session.TimeoutMs;
    }

    private static string Line(ReportedSession session) => $"\t0x{session.Id:x}\n";

    private static string Line(ConnectionStatus connection) =>
        $"\tip: /{connection.Remote} sessionId: 0x{connection.Session?.Id ?? 0:x}\n";

    private static void AppendExpiring<T>(
        StringBuilder text, string kind, IReadOnlyList<T> all, Func<T, long?> endOf, Func<T, string> lineOf,
        NodeSettings settings)
    {
        var buckets = all.GroupBy(one => BucketOf(endOf(one) ?? 0, settings)).OrderBy(bucket => bucket.Key).ToList();
        text.Append($"{kind} Sets ({buckets.Count})/({all.Count}):\n");
        foreach (var bucket in buckets)
        {
            text.Append($"{bucket.Count()} expire at {Date(bucket.Key)}:\n");
            foreach (var one in bucket)
                text.Append(lineOf(one));
        }
    }

    private static void AppendKnown(StringBuilder text, IReadOnlyList<ReportedSession> sessions)
    {
        text.Append($"Global Sessions({sessions.Count}):\n");
        foreach (var session in sessions)
            text.Append($"0x{session.Id:x}\t{session.TimeoutMs}ms\n");
    }

    private static void AppendEphemerals(StringBuilder text, SessionReport report)
    {
        var owners = report.Sessions.Where(session => session.Ephemerals.Count > 0).ToList();
        text.Append("ephemeral nodes dump:\n").Append($"Sessions with Ephemerals ({owners.Count}):\n");
        foreach (var owner in owners)
        {
            text.Append($"0x{owner.Id:x}:\n");
            foreach (var path in owner.Ephemerals)
                text.Append($"\t{path}\n");
        }

        if (report.IsCut)
            text.Append("(there are more ephemerals: the list is cut)\n");
    }

    private static string Date(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToString("ddd MMM dd HH':'mm':'ss 'UTC' yyyy", CultureInfo.InvariantCulture);
}
