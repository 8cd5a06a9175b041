using Coord.Differential.Sequences;
using Coord.Differential.Servers;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>
/// A client that no sequence knows of: prepares, waits for what the server does by itself, reads the end.
/// </summary>
internal sealed class Observer : IDisposable
{
    private readonly Client _client;
    private readonly bool _isSync;

    public Observer(Client client, bool isSync) => (_client, _isSync) = (client, isSync);

    /// <summary>Creates the znode below which all paths are, and returns its zxid.</summary>
    public long CreateRoot(string prefix)
    {
        _client.Greet();
        _client.Call(Requests.Auth("digest", Server.Super));
        var reply = _client.Call(Requests.Create(Op.Create, WirePath.Just(prefix), [], AclList.Open, flags: 0));
        return reply is { Error: 0 } ? reply.Zxid : throw new InvalidDataException($"no {prefix}: {reply?.Error}");
    }

    /// <summary>Waits for the end of a session or a sweep, which come in the server's own time.</summary>
    public void AwaitGone(string path)
    {
        const int noNode = -101;
        var exists = Requests.Read(Op.Exists, WirePath.Just(path), watch: true);
        while (Ask(exists).Error != noNode)
        {
            // Its end, or a change before it; as long as a connection waits for anything.
            if (!_client.AwaitEvent())
                throw new InvalidDataException($"the observer's connection was closed while {path} was still there");
        }
    }

    public Frame Ask(Request request)
    {
        if (_isSync)
            _client.Flush(isSync: true);
        return _client.Call(request) ?? throw new InvalidDataException("the observer's connection was closed");
    }

    public void Dispose()
    {
        if (_client.IsConnected)
            _client.Call(Requests.Bare(Op.CloseSession));
        _client.Dispose();
    }
}
