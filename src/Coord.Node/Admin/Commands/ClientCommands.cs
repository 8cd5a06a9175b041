using System.Text.Json;
using Coord.Node.Admin.Words;

namespace Coord.Node.Admin.Commands;

/// <summary>Commands about clients: their connections, sessions and watches.</summary>
internal static class ClientCommands
{
    public static AdminCommand[] All =>
    [
        AdminCommand.Telling("connections", ["cons"], call => WriteConnections(call, isFull: true)),
        new("dump", [], WriteSessionsAsync),
        AdminCommand.Telling("watch_summary", ["wchs"], WriteWatchSummary),
        new("watches", ["wchc"], WriteWatchesAsync),
        new("watches_by_path", ["wchp"], WriteWatchersAsync),
    ];

    /// <summary>The list that <c>connections</c> and <c>stats</c> share.</summary>
    public static void WriteConnections(CommandCall call, bool isFull)
    {
        var bySecurity = call.Facts.Connections.List().ToLookup(connection => connection.IsSecure);
        WriteConnections(call.Json, "connections", bySecurity[false], isFull);
        WriteConnections(call.Json, "secure_connections", bySecurity[true], isFull);
    }

    private static void WriteConnections(
        Utf8JsonWriter json, string name, IEnumerable<ConnectionStatus> connections, bool isFull)
    {
        json.WriteStartArray(name);
        foreach (var connection in connections)
            WriteConnection(json, connection, isFull);
        json.WriteEndArray();
    }

    private static void WriteConnection(Utf8JsonWriter json, in ConnectionStatus connection, bool isFull)
    {
        json.WriteStartObject();
        json.WriteString("remote_socket_address", connection.Remote);
        json.WriteNumber("interest_ops", connection.IsAsking ? 0 : 1);
        json.WriteNumber("outstanding_requests", connection.Queued);
        json.WriteNumber("packets_received", connection.Received);
        json.WriteNumber("packets_sent", connection.Sent);
        if (isFull && connection.Session is { Id: not 0 } session)
        {
            var figures = session.Figures;
            json.WriteNumber("session_id", session.Id);
            json.WriteString("last_operation", ConnectionText.CodeOf(figures.LastOp));
            json.WriteNumber("established", figures.EstablishedMs);
            json.WriteNumber("session_timeout", session.TimeoutMs);
            json.WriteNumber("last_cxid", figures.LastXid);
            json.WriteNumber("last_zxid", figures.LastZxid);
            json.WriteNumber("last_response_time", figures.LastResponseMs);
            json.WriteNumber("last_latency", figures.LastLatencyMs);
            json.WriteNumber("min_latency", figures.MinLatencyMs);
            json.WriteNumber("avg_latency", figures.AverageLatencyMs);
            json.WriteNumber("max_latency", figures.MaxLatencyMs);
        }

        json.WriteEndObject();
    }

    private static async Task<string?> WriteSessionsAsync(CommandCall call)
    {
        if (call.Facts.Reports() is not { } reports)
            return NodeFacts.NotServing;
        var report = await reports.SessionsAsync(call.Request.HttpContext.RequestAborted);
        var settings = call.Facts.Settings;
        call.Json.WriteStartObject("expiry_time_to_session_ids");
        foreach (var bucket in report.Sessions.Where(session => session.ExpiresMs is not null)
            .GroupBy(session => SessionText.BucketOf(session.ExpiresMs ?? 0, settings)).OrderBy(bucket => bucket.Key))
        {
            call.Json.WriteStartArray($"{bucket.Key}");
            foreach (var session in bucket)
                call.Json.WriteNumberValue(session.Id);
            call.Json.WriteEndArray();
        }

        call.Json.WriteEndObject();
        call.Json.WriteStartObject("session_id_to_ephemeral_paths");
        foreach (var session in report.Sessions.Where(session => session.Ephemerals.Count > 0))
        {
            call.Json.WriteStartArray($"{session.Id}");
            foreach (var path in session.Ephemerals)
                call.Json.WriteStringValue(path);
            call.Json.WriteEndArray();
        }

        EndReport(call, report.IsCut);
        return null;
    }

    private static async Task<string?> WriteWatchesAsync(CommandCall call)
    {
        if (await WatchesAsync(call) is not { } report)
            return NodeFacts.NotServing;
        call.Json.WriteStartObject("session_id_to_watched_paths");
        foreach (var session in report.Watches.GroupBy(watch => watch.Session).OrderBy(group => group.Key))
        {
            call.Json.WriteStartArray($"{session.Key}");
            foreach (var path in session.Select(watch => watch.Path).Order(StringComparer.Ordinal))
                call.Json.WriteStringValue(path);
            call.Json.WriteEndArray();
        }

        EndReport(call, report.IsCut);
        return null;
    }

    private static async Task<string?> WriteWatchersAsync(CommandCall call)
    {
        if (await WatchesAsync(call) is not { } report)
            return NodeFacts.NotServing;
        call.Json.WriteStartObject("path_to_session_ids");
        foreach (var path in report.Watches.GroupBy(watch => watch.Path)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            call.Json.WriteStartArray(path.Key);
            foreach (var session in path.Select(watch => watch.Session).Order())
                call.Json.WriteNumberValue(session);
            call.Json.WriteEndArray();
        }

        EndReport(call, report.IsCut);
        return null;
    }

    private static async Task<WatchReport?> WatchesAsync(CommandCall call) => call.Facts.Reports() is { } reports
        ? await reports.WatchesAsync(call.Request.HttpContext.RequestAborted)
        : null;

    private static void EndReport(CommandCall call, bool isCut)
    {
        call.Json.WriteEndObject();
        if (isCut)
            call.Json.WriteBoolean("is_cut", true);
    }

    private static void WriteWatchSummary(CommandCall call)
    {
        var status = call.Status;
        call.Json.WriteNumber("num_connections", status.WatcherCount);
        call.Json.WriteNumber("num_paths", status.WatchedPathCount);
        call.Json.WriteNumber("num_total_watches", status.WatchCount);
        call.Json.WriteNumber("num_data_watches", status.DataWatchCount);
        call.Json.WriteNumber("num_child_watches", status.ChildWatchCount);
        call.Json.WriteNumber("num_recursive_watches", status.RecursiveWatchCount);
    }
}
