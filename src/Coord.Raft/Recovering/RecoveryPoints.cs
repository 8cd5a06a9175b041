namespace Coord.Raft;

/// <summary>A leader's part in the return of nodes that lost part of their disk (raft-design P30.4).</summary>
internal sealed class RecoveryPoints(RaftState state)
{
    /// <summary>
    /// End of a turn in office: an entry for each recovering peer, made after its handshake. Another one when a
    /// snapshot took its place: who is sent the snapshot never sees the entry.
    /// </summary>
    public void Flush()
    {
        foreach (var peer in state.Peers)
        {
            if (!peer.Link.IsRecovering || peer.IsDeparting)
                continue;
            if (peer.RecoveryPoint > state.Log.SnapshotIndex)
                continue;

            var point = new RecoveryPoint(peer.Id, peer.Link.ProcessStart);
            state.AppendOwn(EntryKind.RecoveryPoint, point.Encode());
            peer.RecoveryPoint = state.Log.LastIndex;
        }
    }
}
