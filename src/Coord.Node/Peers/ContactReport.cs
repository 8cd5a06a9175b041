namespace Coord.Node.Peers;

/// <summary>
/// A follower tells the leader which sessions it heard from, and asks for a proof that it still leads.
/// </summary>
/// <param name="Id">Names this attempt; never reused by a process (raft-design Q5).</param>
/// <param name="Sessions">Session ids that were heard of since the last report.</param>
/// <param name="Barrier">Whether clients wait for the answer: then a read barrier begun later precedes it.</param>
internal sealed record ContactReport(long Id, long[] Sessions, bool Barrier) : PeerMessage;
