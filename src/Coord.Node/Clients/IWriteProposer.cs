namespace Coord.Node.Clients;

/// <summary>Takes a session's writes on their way into the log.</summary>
internal interface IWriteProposer
{
    /// <summary>Makes the entry of a write and queues it for the leader.</summary>
    /// <param name="session">Whose write it is.</param>
    /// <param name="request">The write, as it came.</param>
    /// <returns>The entry's origin sequence.</returns>
    long Propose(ClientSession session, in PendingRequest request);
}
