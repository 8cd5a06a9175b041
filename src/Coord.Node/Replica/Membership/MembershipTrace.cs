using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>Log lines about who belongs to the cluster: one per change.</summary>
internal static partial class MembershipTrace
{
    [LoggerMessage(420, LogLevel.Information, "Membership of entry {Index}: voters {Voters}; learners {Learners}")]
    public static partial void Changed(ILogger logger, long index, string voters, string learners);

    [LoggerMessage(421, LogLevel.Information, "Node {Node} has caught up: it is to vote")]
    public static partial void Promoting(ILogger logger, int node);

    [LoggerMessage(422, LogLevel.Warning,
        "Node {Node} is not made a voter: it has been behind the others for long; it goes on trying")]
    public static partial void Lagging(ILogger logger, int node);

    [LoggerMessage(424, LogLevel.Information, "This node has recovered, and counts again as a voter")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(425, LogLevel.Error,
        "Nodes {Nodes} may have lost what they promised, and are a majority of the voters: the cluster cannot decide "
        + "anything. Bring a sound node back, or found the cluster anew from the best data directory (found-anew)")]
    public static partial void MajorityRecovering(ILogger logger, string nodes);

    [LoggerMessage(426, LogLevel.Warning,
        "No room on the disk for another log segment: this node gives leadership away, and takes no new writes while "
        + "it leads. Make room, and it goes on by itself")]
    public static partial void StorageFull(ILogger logger);

    [LoggerMessage(427, LogLevel.Information, "There is room on the disk again")]
    public static partial void StorageHasRoom(ILogger logger);

    [LoggerMessage(423, LogLevel.Warning,
        "This node was removed from the cluster: it serves no clients; stop it. It comes back only on an empty "
        + "data directory")]
    public static partial void Removed(ILogger logger);
}
