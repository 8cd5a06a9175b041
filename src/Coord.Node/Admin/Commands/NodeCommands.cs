using System.Globalization;
using System.Text.Json;
using Coord.Node.Admin.Figures;
using Coord.Node.Admin.Words;
using Coord.Node.Members;
using Coord.Node.Metrics;

namespace Coord.Node.Admin.Commands;

/// <summary>Commands about this node: its figures, its settings, its files.</summary>
internal static class NodeCommands
{
    public static AdminCommand[] All =>
    [
        AdminCommand.Telling("ruok", [], _ => { }),
        AdminCommand.Telling("server_stats", ["srvr"], WriteServer),
        AdminCommand.Telling("stats", ["stat"], call =>
        {
            WriteServer(call);
            ClientCommands.WriteConnections(call, isFull: false);
        }),
        AdminCommand.Telling("monitor", ["mntr"], WriteMonitor) with { NeedsServing = false },
        AdminCommand.Telling("configuration", ["conf", "config"], WriteConfiguration),
        AdminCommand.Telling("initial_configuration", ["icfg"], WriteInitialConfiguration),
        AdminCommand.Telling("environment", ["env", "envi"], WriteEnvironment) with { NeedsServing = false },
        AdminCommand.Telling("system_properties", ["sysp"], WriteSettings) with { NeedsServing = false },
        AdminCommand.Telling("dirs", [], WriteDirectories),
        AdminCommand.Telling("hash", [], WriteDigests),
        AdminCommand.Telling("last_snapshot", ["lsnp"], WriteLastSnapshot),
        AdminCommand.Telling("is_read_only", ["isro"], call =>
            call.Json.WriteBoolean("read_only", call.Status.IsReadOnly)),
        AdminCommand.Telling("get_trace_mask", ["gtmk"], call => call.Json.WriteNumber("tracemask", 0)) with
        {
            NeedsServing = false,
        },
    ];

    private static void WriteServer(CommandCall call)
    {
        var (json, status, metrics) = (call.Json, call.Status, call.Facts.Metrics);
        var sizes = DirectorySizes.Of(call.Facts.Settings.DataDirectory);
        var latency = metrics.Clients.Latency;
        json.WriteString("version", CoordVersion.FullWithDate);
        json.WriteBoolean("read_only", status.IsReadOnly);
        json.WriteStartObject("server_stats");
        json.WriteNumber("packets_sent", metrics.Clients.PacketsSent.SinceReset);
        json.WriteNumber("packets_received", metrics.Clients.PacketsReceived.SinceReset);
        WriteSizes(json, "client_response_stats", metrics.Clients.ResponseSizes);
        json.WriteBoolean("provider_null", false);
        json.WriteString("server_state", ServerText.Mode(status));
        json.WriteNumber("outstanding_requests", status.OutstandingRequests);
        json.WriteNumber("min_latency", ServerText.Milliseconds(latency.Least));
        WriteValue(json, "avg_latency", new PlacesNumber(latency.Average / 1000));
        json.WriteNumber("max_latency", ServerText.Milliseconds(latency.Greatest));
        json.WriteNumber("data_dir_size", sizes.Snapshots);
        json.WriteNumber("log_dir_size", sizes.Log);
        json.WriteNumber("last_processed_zxid", status.AppliedIndex);
        json.WriteNumber("num_alive_client_connections", call.Facts.Connections.Count);
        json.WriteNumber("uptime", Math.Max(0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - status.StartedMs));
        json.WriteNumber("auth_failed_count", metrics.Clients.AuthFailed.SinceReset);
        json.WriteNumber("non_mtlsremote_conn_count", metrics.Clients.PlainRemote.SinceReset);
        json.WriteNumber("non_mtlslocal_conn_count", metrics.Clients.PlainLocal.SinceReset);
        json.WriteEndObject();
        WriteSizes(json, "client_response", metrics.Clients.ResponseSizes);
        if (ServerText.Mode(status) == "leader")
            WriteSizes(json, "proposal_stats", metrics.Replica.ProposalSizes);
        json.WriteNumber("node_count", status.ZnodeCount);
    }

    private static void WriteSizes(Utf8JsonWriter json, string name, SizeRange sizes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("last_buffer_size", sizes.Last);
        json.WriteNumber("min_buffer_size", sizes.Least);
        json.WriteNumber("max_buffer_size", sizes.Greatest);
        json.WriteEndObject();
    }

    private static void WriteMonitor(CommandCall call)
    {
        foreach (var (key, value) in ZooKeeperFigures.Of(call.Facts).SelectMany(MonitorText.Lines))
            WriteValue(call.Json, key, value);
    }

    private static void WriteConfiguration(CommandCall call)
    {
        foreach (var (_, field, value) in
            ConfigurationReport.Values(call.Facts.Settings, call.Status, withSizes: false))
            WriteValue(call.Json, field, value);
    }

    // What cluster.json says, whoever has joined or left since.
    private static void WriteInitialConfiguration(CommandCall call)
    {
        var nodes = call.Facts.Settings.Cluster.Nodes
            .Select(node => new Member(node.Id, 0, node.Peer, node.Client, node.Admin))
            .Select(member => ConfigText.LineOf(member, isVoter: true));
        call.Json.WriteString("initial_configuration", string.Concat(nodes.Select(line => line + "\n")));
    }

    private static void WriteEnvironment(CommandCall call)
    {
        foreach (var (key, value) in EnvironmentReport.Values())
            call.Json.WriteString(key, value);
    }

    private static void WriteSettings(CommandCall call)
    {
        foreach (var (key, value) in call.Facts.Settings.Given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            call.Json.WriteString(key, value);
    }

    private static void WriteDirectories(CommandCall call)
    {
        var sizes = DirectorySizes.Of(call.Facts.Settings.DataDirectory);
        call.Json.WriteNumber("datadir_size", sizes.Snapshots);
        call.Json.WriteNumber("logdir_size", sizes.Log);
    }

    private static void WriteDigests(CommandCall call)
    {
        call.Json.WriteStartArray("digests");
        foreach (var digest in call.Facts.Metrics.Replica.Digests.Latest)
        {
            call.Json.WriteStartObject();
            call.Json.WriteNumber("zxid", digest.Index);
            call.Json.WriteNumber("digest", digest.Digest);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
    }

    private static void WriteLastSnapshot(CommandCall call)
    {
        var status = call.Status;
        call.Json.WriteString("zxid", status.SnapshotIndex > 0 ? $"{status.SnapshotIndex:x}" : $"{-1L:x}");
        call.Json.WriteNumber("timestamp", status.SnapshotTimeMs > 0 ? status.SnapshotTimeMs / 1000 : -1);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object value)
    {
        json.WritePropertyName(name);
        if (value is string text)
            json.WriteStringValue(text);
        else
            json.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{value}"));
    }
}
