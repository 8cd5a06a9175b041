namespace Coord.Node.Replica;

/// <summary>Where every other thread leaves what the replica loop must know. Posting never blocks.</summary>
internal interface IReplicaInbox
{
    /// <summary>Hands over an input; inputs of one thread are taken in the order it posted them.</summary>
    void Post(ReplicaInput input);
}
