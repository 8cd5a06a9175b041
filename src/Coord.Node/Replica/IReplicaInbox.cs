namespace Coord.Node.Replica;

/// <summary>
/// Where every other thread leaves what the replica loop must know. Posting never blocks. A thread that brings work
/// and has time for it may take the turn itself instead of waking the loop's own thread (decision record 18).
/// </summary>
internal interface IReplicaInbox
{
    /// <summary>Hands over an input; inputs of one thread are taken in the order it posted them.</summary>
    void Post(ReplicaInput input);

    /// <summary>
    /// The same, for a thread that calls <see cref="TakeTurn"/> next, whatever happens: until then nobody may be woken.
    /// </summary>
    void Leave(ReplicaInput input) => Post(input);

    /// <summary>
    /// Takes the replica's turn on this thread if nobody does; else whoever does takes in what was left. For threads
    /// that hold no lock and may be kept for a few turns.
    /// </summary>
    /// <param name="inRowMax">The most that it takes, if that is less than what the node allows.</param>
    /// <returns>False: this thread had no turn.</returns>
    bool TakeTurn(int inRowMax = int.MaxValue) => false; // Where threads take none, what was left has been posted.
}
