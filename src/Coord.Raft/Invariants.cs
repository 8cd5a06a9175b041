namespace Coord.Raft;


/// <summary>The cheap part of raft-design K6, checked after every step in release builds.</summary>
internal static class Invariants
{
    /// <summary>Throws when the node must stop.</summary>
    public static void CheckAfterStep(RaftState state)
    {
        var log = state.Log;
        Invariant.Require(log.SnapshotIndex <= state.Applied, "The snapshot holds only what was applied.");
        Invariant.Require(state.Applied <= state.HandedOut, "Only what was handed out is applied.");
        Invariant.Require(state.HandedOut <= state.Commit, "Only what is committed is handed out.");
        Invariant.Require(state.HandedOut <= log.Durable, "Only what is durable here is handed out.");
        Invariant.Require(state.Commit <= log.LastIndex, "Only own entries are committed.");
        Invariant.Require(log.FirstIndex <= log.SnapshotIndex.Next, "No entry is missing behind the snapshot.");
        if (!state.IsLeader)
            return;

        Invariant.Require(log.LastTerm == state.Term, "A leader's last entry is of its own term.");
        foreach (var peer in state.Peers)
            Invariant.Require(peer.Match < peer.Next, "What was acknowledged is not sent again.");
    }
}
