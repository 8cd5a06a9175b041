namespace Coord.Raft;


/// <summary>What a node is in its term (Raft thesis 3.3, 9.6).</summary>
public enum RaftRole
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Follower = 0,

    /// <summary>Asks whether an election could be won; its term is unchanged.</summary>
    PreCandidate = 1,

    /// <summary>Asks for votes in a term of its own making.</summary>
    Candidate = 2,

    /// <summary>Takes proposals.</summary>
    Leader = 3,
}
