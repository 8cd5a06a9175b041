using Coord.Node.Clients;

namespace Coord.Node.Tests.Replica;

/// <summary>Nothing is sent to anybody.</summary>
internal sealed class NoSends : IClientSends
{
    public void Mark()
    {
        // Nothing waits for it.
    }
}
