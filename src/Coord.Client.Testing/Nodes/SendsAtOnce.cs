using Coord.Node.Clients;
using Coord.Node.Replica;

namespace Coord.Client.Testing;

/// <summary>What is flushed has been sent.</summary>
internal sealed class SendsAtOnce(IReplicaInbox inbox) : IClientSends
{
    private static readonly SendsTaken Taken = new();

    public void Mark() => inbox.Post(Taken);
}
