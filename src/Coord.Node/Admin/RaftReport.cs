using System.Buffers;
using System.Text.Json;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>
/// <c>GET /commands/raft</c>: where this node stands. Digests of two nodes are comparable when their
/// <c>digest_index</c> is the same. The fields are explained in docs/operate.
/// </summary>
internal static class RaftReport
{
    public static ReadOnlyMemory<byte> Write(NodeStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("command", "raft");
            json.WriteNull("error");
            WriteState(json, status);
            WriteSnapshot(json, status);
            json.WriteString("digest", status.Digest.ToString("x32"));
            json.WriteNumber("digest_index", status.DigestIndex);
            json.WriteNumber("znode_count", status.ZnodeCount);
            json.WriteNumber("session_count", status.SessionCount);
            WriteMembership(json, status.Membership);
            WriteScrub(json, status.Scrub ?? new(0, 0, 0));
            WritePeers(json, status.Peers);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteState(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteNumber("node_id", status.Id.Value);
        json.WriteString("role", RoleName(status));
        json.WriteString("not_ready_because", status.NotReadyBecause);
        json.WriteString("recovering_because", status.RecoveringBecause);
        json.WriteBoolean("storage_full", status.IsStorageFull);
        json.WriteNumber("term", status.Term);
        if (status.Leader is { Value: > 0 } leader)
            json.WriteNumber("leader", leader.Value);
        else
            json.WriteNull("leader");
        json.WriteNumber("commit_index", status.CommitIndex);
        json.WriteNumber("applied_index", status.AppliedIndex);
        json.WriteNumber("durable_index", status.DurableIndex);
        json.WriteNumber("first_index", status.FirstIndex);
        json.WriteNumber("last_index", status.LastIndex);
        json.WriteNumber("feature_level", status.FeatureLevel);
        json.WriteNumber("feature_level_max", FeatureLevels.Max);
    }

    private static void WriteSnapshot(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteStartObject("last_snapshot");
        json.WriteNumber("index", status.SnapshotIndex);
        json.WriteNumber("time_ms", status.SnapshotTimeMs);
        json.WriteNumber("bytes", status.SnapshotBytes);
        json.WriteEndObject();
    }

    private static void WriteMembership(Utf8JsonWriter json, MembershipStatus membership)
    {
        json.WriteStartObject("membership");
        json.WriteNumber("index", membership.Index.Value);
        json.WriteBoolean("joint", membership.IsJoint);
        WriteIds(json, "voters", membership.Voters);
        WriteIds(json, "outgoing_voters", membership.OutgoingVoters);
        WriteIds(json, "learners", membership.Learners);
        json.WriteStartArray("members");
        foreach (var member in membership.Members)
        {
            json.WriteStartObject();
            json.WriteNumber("node_id", member.Id.Value);
            json.WriteString("incarnation", member.Incarnation.ToString("x32"));
            json.WriteString("peer", member.Peer.ToString());
            json.WriteString("client", member.Client.ToString());
            json.WriteString("admin", member.Admin.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<NodeId> ids)
    {
        json.WriteStartArray(name);
        foreach (var id in ids)
            json.WriteNumberValue(id.Value);
        json.WriteEndArray();
    }

    private static void WriteScrub(Utf8JsonWriter json, ScrubStatus scrub)
    {
        json.WriteStartObject("scrub");
        json.WriteNumber("rounds", scrub.Rounds);
        json.WriteNumber("bytes_read", scrub.BytesRead);
        json.WriteNumber("last_round_ms", scrub.LastRoundMs);
        json.WriteNumber("findings", scrub.Findings);
        json.WriteString("last_finding", scrub.LastFinding);
        json.WriteEndObject();
    }

    private static void WritePeers(Utf8JsonWriter json, IReadOnlyList<PeerProgressStatus> peers)
    {
        json.WriteStartArray("peers");
        foreach (var peer in peers)
        {
            json.WriteStartObject();
            json.WriteNumber("node_id", peer.Id.Value);
            json.WriteString("role", peer.IsLearner ? "learner" : "voter");
            json.WriteBoolean("linked", peer.Linked);
            json.WriteString("state", peer.State);
            json.WriteNumber("match_index", peer.Match);
            json.WriteNumber("lag", peer.Lag);
            if (peer.Silence is { } silence)
                json.WriteNumber("silent_ms", (long)silence.TotalMilliseconds);
            else
                json.WriteNull("silent_ms");
            json.WriteBoolean("recovering", peer.IsRecovering);
            json.WriteBoolean("storage_full", peer.IsStorageFull);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string RoleName(NodeStatus status) => status.Role switch
    {
        NodeRole.Leader => "leader",
        NodeRole.Follower when status.Membership.Learners.Contains(status.Id) => "learner",
        NodeRole.Follower => "follower",
        NodeRole.Candidate => "candidate",
        _ => "starting",
    };
}
