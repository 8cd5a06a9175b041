using Coord.Node;
using Coord.Raft;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// What a node says of itself after a turn must make sense: the order of its indices (raft-design K6) and its limits
/// (T9, bounded memory).
/// </summary>
internal static class StatusChecker
{
    public static void Check(RaftStatus status, NodeLimits limits)
    {
        Require(status.Snapshot <= status.Applied, status, "snapshot <= applied");
        Require(status.Applied <= status.Commit, status, "applied <= commit");
        Require(status.Applied <= status.Durable, status, "applied <= durable");
        Require(status.Commit <= status.Last, status, "commit <= last");
        Require(status.Durable <= status.Last, status, "durable <= last");
        foreach (var peer in status.Peers)
        {
            Require(peer.Match < peer.Next, status, "match < next");
            Require(peer.Match <= status.Last, status, "match <= last");
            Require(peer.InFlightMessages <= limits.InFlightMessagesMax, status, "messages in flight within the limit");

            // The message that reaches the limit may exceed it by itself, and one entry may exceed a message.
            var bytesMax = limits.InFlightBytesMax + limits.AppendBytesMax + limits.EntryBytesMax;
            Require(peer.InFlightBytes <= bytesMax, status, "bytes in flight within the limit");
        }
    }

    private static void Require(bool holds, RaftStatus status, string what)
    {
        if (!holds)
            throw new SimulationFailedException($"node {status.Id} breaks {what}: {status}");
    }
}
