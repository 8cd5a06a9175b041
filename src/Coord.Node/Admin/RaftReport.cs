using System.Buffers;
using System.Text.Json;

namespace Coord.Node.Admin;

/// <summary>
/// <c>GET /commands/raft</c>: where this node stands. Digests of two nodes are comparable when their
/// <c>digest_index</c> is the same.
/// </summary>
internal static class RaftReport
{
    public static ReadOnlyMemory<byte> Write(NodeStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", "raft");
            json.WriteNull("error");
            json.WriteNumber("node_id", status.Id.Value);
            json.WriteString("role", RoleName(status.Role));
            json.WriteString("not_ready_because", status.NotReadyBecause);
            json.WriteNumber("term", status.Term);
            if (status.Leader is { Value: > 0 } leader)
                json.WriteNumber("leader", leader.Value);
            else
                json.WriteNull("leader");
            json.WriteNumber("commit_index", status.CommitIndex);
            json.WriteNumber("applied_index", status.AppliedIndex);
            json.WriteNumber("durable_index", status.DurableIndex);
            json.WriteNumber("last_index", status.LastIndex);
            json.WriteNumber("snapshot_index", status.SnapshotIndex);
            json.WriteString("digest", status.Digest.ToString("x32"));
            json.WriteNumber("digest_index", status.DigestIndex);
            json.WriteNumber("znode_count", status.ZnodeCount);
            json.WriteNumber("session_count", status.SessionCount);
            WritePeers(json, status.Peers);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WritePeers(Utf8JsonWriter json, IReadOnlyList<PeerProgressStatus> peers)
    {
        json.WriteStartArray("peers");
        foreach (var peer in peers)
        {
            json.WriteStartObject();
            json.WriteNumber("node_id", peer.Id.Value);
            json.WriteBoolean("linked", peer.Linked);
            json.WriteString("state", peer.State);
            json.WriteNumber("match_index", peer.Match);
            json.WriteNumber("lag", peer.Lag);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string RoleName(NodeRole role) => role switch
    {
        NodeRole.Leader => "leader",
        NodeRole.Follower => "follower",
        NodeRole.Candidate => "candidate",
        _ => "starting",
    };
}
