using Coord.Fuzz.Runs;
using Coord.StateMachine.Tests;

namespace Coord.Fuzz.Clients;

/// <summary>
/// A session that nobody else may disturb: it has a house that only its own identity may touch, an ephemeral there and
/// a watch on it.
/// </summary>
internal sealed class Bystander
{
    private const string House = "/house";
    private const string Mine = "/house/mine";
    private const int Event = -1;

    private readonly FuzzedNode _node;
    private readonly MemoryConnection _connection;
    private int _xid;

    public Bystander(FuzzedNode node)
    {
        _node = node;
        _connection = node.Connect();
        _connection.Send(Packets.Frame(Handshake()));
        node.Settle();
        if (Packets.Cut(_connection.Receive()) is not [var answer] || Packets.Int(answer, 4) <= 0)
            throw new FuzzFailedException("a valid handshake is refused");

        Call(100, new Wire().Int(0).Text("digest").Text("bystander:password").ToArray());
        Call(1, new Wire().Text(House).Text("").Acl((31, "auth", "")).Int(0).ToArray());
        Call(1, new Wire().Text(Mine).Text("0").Acl((31, "auth", "")).Int(1).ToArray());
        Watch();
    }

    /// <summary>A ConnectRequest for a new session with the longest timeout there is.</summary>
    public static byte[] Handshake() =>
        new Wire().Int(0).Long(0).Int(40_000).Long(0).Bytes(new byte[16]).Bool(false).ToArray();

    /// <summary>All is as it left it, its own change fires its watch, and the event precedes the reply.</summary>
    public void Check()
    {
        if (_connection.Receive().Length > 0)
            throw new FuzzFailedException("a session was told of what does not concern it");

        _connection.Send(Packets.Frame(
            new Wire().Int(++_xid).Int(5).Text(Mine).Text($"{_xid}").Int(-1).ToArray()));
        _node.Settle();
        var told = Packets.Cut(_connection.Receive());
        if (told is not [var fired, var reply]
            || Packets.Int(fired, 0) != Event || Packets.Int(reply, 0) != _xid || Packets.Int(reply, 12) != 0)
        {
            var frames = string.Join(' ', told.Select(Convert.ToHexString));
            throw new FuzzFailedException($"a session's own watch or write was lost: {frames}");
        }

        Watch();
        Call(11, []);
    }

    public void HangUp() => _connection.HangUp();

    private void Watch() => Call(4, new Wire().Text(Mine).Bool(true).ToArray());

    private void Call(int type, byte[] record)
    {
        _connection.Send(Packets.Frame(new Wire().Int(++_xid).Int(type).Raw(record).ToArray()));
        _node.Settle();
        if (Packets.Cut(_connection.Receive()) is not [var reply]
            || Packets.Int(reply, 0) != _xid || Packets.Int(reply, 12) != 0)
            throw new FuzzFailedException($"request {type} of a session that did no wrong fails");
    }
}
