using Coord.Node.Clients;

namespace Coord.Simulation.Clients;

/// <summary>A node as a client sees it.</summary>
internal interface IClientHost
{
    int Id { get; }

    bool IsRunning { get; }

    /// <summary>Grows with each start: a connection to an earlier process is dead.</summary>
    int Life { get; }

    void Connect(ClientSession session, byte[] handshakeFrame);

    void Receive(ClientSession session, byte[] frames, int count);

    void Disconnect(ClientSession session);
}
