using System.Buffers;
using Coord.Node.Clients;

namespace Coord.Node.Tests.Replica;

/// <summary>A client's connection of which nobody sees anything.</summary>
internal sealed class NoTransport : IClientTransport
{
    public string RemoteAddress => "test";

    public IBufferWriter<byte> Output { get; } = new ArrayBufferWriter<byte>();

    public bool Flush() => true;

    public void GiveBack(int requests, long bytes)
    {
        // Nothing is counted here.
    }

    public void Close()
    {
        // Nothing is open here.
    }
}
