namespace Coord.Raft;


/// <summary>What travels between cores. Records only: encoding is the node's.</summary>
/// <param name="Term">The sender's term; in a pre-vote request and its grant, the proposed one.</param>
public abstract record RaftMessage(Term Term);
