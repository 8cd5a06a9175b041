using System.Diagnostics;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// Nodes on empty directories that ask to be let in (raft-design M14, M15): the replica hears of each once a second
/// at most, the log once.
/// </summary>
internal sealed class Introductions(PeerSelf self, ILogger logger)
{
    // As many as there can be node numbers; a stranger that invents more is not heard.
    private const int SeenMax = 255;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(900);
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, (UInt128 Incarnation, long PostedAt)> seen = [];

    /// <summary>
    /// Takes an introduction that was refused because the node is no member, or not as what it was.
    /// </summary>
    public void Take(PeerHello theirs, string reason)
    {
        bool isNews;
        lock (gate)
        {
            var (incarnation, postedAt) = seen.GetValueOrDefault(theirs.Node);
            isNews = incarnation != theirs.Incarnation;
            if (self.Inbox is not { } inbox || (!isNews && Stopwatch.GetElapsedTime(postedAt) < Every))
                return;
            if (seen.Count >= SeenMax && !seen.ContainsKey(theirs.Node))
                return;
            seen[theirs.Node] = (theirs.Incarnation, Stopwatch.GetTimestamp());
            inbox.Post(new NodeIntroduced(theirs.Self));
        }

        if (isNews)
            PeerLog.Introduced(logger, theirs.Node.Value, theirs.Self.Peer, reason);
    }
}
