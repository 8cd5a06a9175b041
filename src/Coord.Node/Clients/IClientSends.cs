namespace Coord.Node.Clients;

/// <summary>
/// The way of bytes from the connections' pipes to their sockets. All connections of a node share it, one behind the
/// other: what is flushed for thousands at once stands ahead of everybody else's reply.
/// </summary>
/// <remarks>Two implementations: <see cref="PoolSends"/>, and the simulator's.</remarks>
internal interface IClientSends
{
    /// <summary>Posts a <see cref="SendsTaken"/> once all that was flushed before is taken up for sending.</summary>
    void Mark();
}
