using Coord.Node.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Time;

namespace Coord.Simulation.Clients;

/// <summary>
/// One TCP connection of a client: bytes arrive in order, after a while, or not at all when an end is gone.
/// </summary>
internal sealed class Connection
{
    private readonly EventQueue _events;
    private readonly SeededRandom _random;
    private readonly IClientHost _host;
    private readonly int _hostLife;
    private readonly Action<byte[]> _received;
    private readonly Action _ended;
    private readonly ClientSession _session;
    private long _lastToHost;
    private long _lastToClient;
    private bool _isOpen = true;

    public Connection(
        EventQueue events, SeededRandom random, IClientHost host, string address, Action<byte[]> received, Action ended)
    {
        _events = events;
        _random = random;
        _host = host;
        _hostLife = host.Life;
        _received = received;
        _ended = ended;
        _session = new ClientSession(new SimulatedTransport(address, ToClient, EndedByHost));
    }

    public int HostId => _host.Id;

    public void SendHandshake(byte[] frame) => ToHost(() => _host.Connect(_session, frame));

    public void Send(byte[] frames, int count) => ToHost(() => _host.Receive(_session, frames, count));

    /// <summary>The client is gone; the node hears of it later.</summary>
    public void Close()
    {
        if (!_isOpen)
            return;

        ToHost(() => _host.Disconnect(_session));
        _isOpen = false;
    }

    private void ToHost(Action action)
    {
        _lastToHost = Math.Max(_lastToHost, _events.Now + _random.Between(20, 400));
        _events.At(_lastToHost, () =>
        {
            if (_host.IsRunning && _host.Life == _hostLife)
                action();
        });
    }

    private void ToClient(byte[] bytes) => AtClient(() => _received(bytes));

    private void EndedByHost() => AtClient(() =>
    {
        _isOpen = false;
        _ended();
    });

    private void AtClient(Action action)
    {
        _lastToClient = Math.Max(_lastToClient, _events.Now + _random.Between(20, 400));
        _events.At(_lastToClient, () =>
        {
            if (_isOpen)
                action();
        });
    }
}
