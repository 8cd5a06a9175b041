using System.Net;
using System.Text.Json;

namespace Coord.JepsenLike.Faults;

/// <summary>What a node says of the cluster at <c>/commands/raft</c>.</summary>
/// <param name="Id">The node that was asked.</param>
/// <param name="Role">Its role.</param>
/// <param name="Term">Its term.</param>
/// <param name="Leader">Whom it follows, itself if it leads; null where it knows none.</param>
/// <param name="IsJoint">Whether a change of members is under way.</param>
/// <param name="Voters">Node numbers.</param>
/// <param name="Learners">Node numbers.</param>
/// <param name="Members">Each member's admin port and incarnation, which names its data directory.</param>
/// <param name="FeatureLevel">What the cluster has agreed to use.</param>
/// <param name="FeatureLevelMax">What the node's build knows.</param>
/// <param name="Sessions">How many there are.</param>
/// <param name="RecoveringBecause">Why the node counts for nothing (raft-design P30); null when it counts.</param>
internal sealed record RaftView(
    int Id, string Role, long Term, int? Leader, bool IsJoint, IReadOnlyList<int> Voters, IReadOnlyList<int> Learners,
    IReadOnlyDictionary<int, (IPEndPoint Admin, string Incarnation)> Members, int FeatureLevel, int FeatureLevelMax,
    int Sessions, string? RecoveringBecause)
{
    public static RaftView Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var membership = root.GetProperty("membership");
        return new RaftView(
            root.GetProperty("node_id").GetInt32(),
            root.GetProperty("role").GetString()!,
            root.GetProperty("term").GetInt64(),
            root.GetProperty("leader") is { ValueKind: JsonValueKind.Number } leader ? leader.GetInt32() : null,
            membership.GetProperty("joint").GetBoolean(),
            Numbers(membership, "voters"),
            Numbers(membership, "learners"),
            membership.GetProperty("members").EnumerateArray().ToDictionary(
                member => member.GetProperty("node_id").GetInt32(),
                member => (IPEndPoint.Parse(member.GetProperty("admin").GetString()!),
                    member.GetProperty("incarnation").GetString()!)),
            root.GetProperty("feature_level").GetInt32(),
            root.GetProperty("feature_level_max").GetInt32(),
            root.GetProperty("session_count").GetInt32(),
            root.GetProperty("recovering_because").GetString());
    }

    /// <summary>Whether the node has a vote and no change is under way.</summary>
    public bool Counts(int node) => !IsJoint && Voters.Contains(node);

    /// <summary>Whether the node is no member at all and no change is under way.</summary>
    public bool LacksWholly(int node) => !IsJoint && !Voters.Contains(node) && !Learners.Contains(node);

    private static int[] Numbers(JsonElement membership, string name) =>
        [.. membership.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
}
