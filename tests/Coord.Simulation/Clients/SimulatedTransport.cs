using System.Buffers;
using Coord.Node.Clients;

namespace Coord.Simulation.Clients;

/// <summary>A client's connection: what the node writes reaches the client after a while, in order.</summary>
internal sealed class SimulatedTransport : IClientTransport
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Action<byte[]> _deliver;
    private readonly Action _closed;

    public SimulatedTransport(string address, Action<byte[]> deliver, Action closed)
    {
        RemoteAddress = address;
        _deliver = deliver;
        _closed = closed;
    }

    public string RemoteAddress { get; }

    public IBufferWriter<byte> Output => _output;

    public bool Flush()
    {
        if (_output.WrittenCount == 0)
            return true;

        _deliver(_output.WrittenSpan.ToArray());
        _output.ResetWrittenCount();
        return true;
    }

    public void GiveBack(int requests, long bytes)
    {
        // The simulated clients have few requests under way: no budget can run out.
    }

    public void Close() => _closed();
}
