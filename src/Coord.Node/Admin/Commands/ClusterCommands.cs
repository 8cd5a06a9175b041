using System.Text.Json;
using Coord.Node.Admin.Words;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Admin.Commands;

/// <summary>Commands about the cluster: who leads, who votes, who watches.</summary>
internal static class ClusterCommands
{
    public static AdminCommand[] All =>
    [
        new("leader", ["lead"], call => Task.FromResult(WriteLeader(call))),
        AdminCommand.Telling("observers", ["obsr"], WriteObservers),
        AdminCommand.Telling("voting_view", [], WriteVoters),
        AdminCommand.Telling("zabstate", [], WriteState) with { NeedsServing = false },
    ];

    private static string? WriteLeader(CommandCall call)
    {
        if (!ConfigurationReport.IsQuorum(call.Status))
            return "server is not initialized"; // In ZooKeeper's words: it stands alone.
        call.Json.WriteBoolean("is_leader", call.Status.Role == NodeRole.Leader);
        call.Json.WriteNumber("leader_id", call.Status.Leader?.Value ?? -1);
        call.Json.WriteString("leader_ip", Find(call.Status, call.Status.Leader)?.Peer.Host ?? "");
        return null;
    }

    private static void WriteObservers(CommandCall call)
    {
        var peers = call.Status.Peers.Where(peer => peer.IsLearner && peer.State.Length > 0).ToList();
        call.Json.WriteNumber("synced_observers", peers.Count(peer => peer.Linked && peer.State == "replicate"));
        call.Json.WriteStartArray("observers");
        foreach (var peer in peers)
        {
            call.Json.WriteStartObject();
            call.Json.WriteNumber("sid", peer.Id.Value);
            call.Json.WriteString("remote_socket_address", Find(call.Status, peer.Id)?.Peer.ToString() ?? "");
            call.Json.WriteBoolean("synced", peer.State == "replicate");
            call.Json.WriteNumber("last_zxid", peer.Match);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
    }

    private static void WriteVoters(CommandCall call)
    {
        call.Json.WriteStartObject("current_config");
        var voters = ConfigurationReport.IsQuorum(call.Status) ? call.Status.Membership.Voters : [];
        foreach (var member in voters.Select(id => Find(call.Status, id)).OfType<Member>())
        {
            call.Json.WriteStartObject($"{member.Id.Value}");
            WriteAddresses(call.Json, "server_addresses", member.Peer.ToString());
            WriteAddresses(
                call.Json, "election_addresses", (member.Peer with { Port = member.ElectionPort }).ToString());
            call.Json.WriteString("client_address", member.Client.ToString());
            call.Json.WriteString("learner_type", "participant");
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndObject();
    }

    private static void WriteState(CommandCall call)
    {
        var (json, status, self) = (call.Json, call.Status, call.Facts.Settings.Self);
        json.WriteNumber("myid", self.Id.Value);
        json.WriteBoolean("is_leader", status.Role == NodeRole.Leader);
        WriteAddress(json, "quorum_address", self.Peer);
        var election = ConfigurationReport.Self(call.Facts.Settings, status).ElectionPort;
        WriteAddress(json, "election_address", self.Peer with { Port = election });
        json.WriteString("client_address", self.Client.ToString());
        json.WriteBoolean("voting", status.Membership.Voters.Contains(self.Id));
        json.WriteString("last_zxid", $"0x{status.AppliedIndex:x}");

        // A zxid has no half for the epoch here.
        json.WriteNumber("zab_epoch", status.Term);
        json.WriteNumber("zab_counter", status.AppliedIndex);
        json.WriteString("zabstate", status switch
        {
            { NotReadyBecause: null } => "broadcast",
            { Leader: not null } => "synchronization",
            _ => "election",
        });
        json.WriteString("server_state", ServerText.Mode(status));
    }

    private static void WriteAddress(Utf8JsonWriter json, string name, NodeAddress address)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("empty", false);
        WriteAddresses(json, "all_addresses", address.ToString());
        json.WriteString("one", address.ToString());
        json.WriteStartArray("all_ports");
        json.WriteNumberValue(address.Port);
        json.WriteEndArray();
        WriteAddresses(json, "all_host_strings", address.Host);
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, string name, string address)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(address);
        json.WriteEndArray();
    }

    private static Member? Find(NodeStatus status, NodeId? id) =>
        status.Membership.Members.FirstOrDefault(member => member.Id == id);
}
