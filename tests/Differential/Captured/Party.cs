using System.Buffers.Binary;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Captured;

/// <summary>One connection of a script: every word of it is taken down.</summary>
internal sealed class Party(Recording recording, int port, int number) : IDisposable
{
    private const int PingXid = -2;
    private const int PrefixBytes = 4;
    private const int PasswordAt = 20;

    private readonly Connection _connection = new(port);
    private int _xid;

    /// <summary>What it saw last.</summary>
    public long LastZxid { get; private set; }

    public long Session { get; private set; }

    public byte[] Password { get; private set; } = [];

    /// <summary>A handshake for its session, on another connection.</summary>
    public Hello Again => new() { Session = Session, Password = Password, LastZxid = LastZxid };

    public void Greet(string name, Hello hello)
    {
        var exchange = Send(name, hello.Encode());
        if (_connection.Receive() is not { } answer)
        {
            exchange.End = ExchangeEnd.Closed;
            return;
        }

        exchange.Answers.Add(answer);
        Session = BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8));
        Password = answer[PasswordAt..(PasswordAt + 16)];
        if (Session == 0)
            AwaitClose(exchange);
    }

    /// <summary>A request, the events that come before its reply, and the reply.</summary>
    public void Ask(string name, Request request, int? xid = null)
    {
        var own = xid ?? ++_xid;
        var exchange = Send(name, request.Encode(own, new FrameWriter("") { LastZxid = LastZxid }));
        while (_connection.Receive() is { } answer)
        {
            exchange.Answers.Add(answer);
            var frame = new Frame(answer);
            if (frame.Xid == Frame.EventXid && own != Frame.EventXid)
                continue;
            if (frame.Xid != own)
                throw new InvalidDataException($"{name}: xid {frame.Xid} answers where {own} was asked");
            if (own > 0)
                LastZxid = Math.Max(LastZxid, frame.Zxid);
            return;
        }

        exchange.End = ExchangeEnd.Closed;
    }

    /// <summary>A request behind whose reply the server closes the connection.</summary>
    public void AskForTheLastTime(string name, Request request, int? xid = null)
    {
        Ask(name, request, xid);
        AwaitClose(recording.Exchanges[^1]);
    }

    /// <summary>Behind a ping's reply everything has come that happened before it.</summary>
    public void Ping(string name) => Ask(name, Requests.Bare(Op.Ping), PingXid);

    /// <summary>A credential, with the number that clients give to it.</summary>
    public void Auth(string name, string scheme, string credential)
    {
        const int authXid = -4;
        Ask(name, Requests.Auth(scheme, credential), authXid);
    }

    /// <summary>Waits for an event of what the server does in its own time.</summary>
    public void Hear(string name)
    {
        var exchange = new Exchange(number, name, Request: null);
        recording.Exchanges.Add(exchange);
        exchange.Answers.Add(_connection.Receive() ?? throw new InvalidDataException($"{name}: closed instead"));
    }

    /// <summary>The server closes the connection without having been asked.</summary>
    public void HearClose(string name)
    {
        var exchange = new Exchange(number, name, Request: null);
        recording.Exchanges.Add(exchange);
        AwaitClose(exchange);
    }

    /// <summary>The client goes without a word; the session stays.</summary>
    public void Cut(string name)
    {
        recording.Exchanges.Add(new Exchange(number, name, Request: null) { End = ExchangeEnd.Cut });
        _connection.Dispose();
    }

    public void Close() => AskForTheLastTime("closing the session", Requests.Bare(Op.CloseSession));

    public void Dispose() => _connection.Dispose();

    private Exchange Send(string name, byte[] frame)
    {
        var exchange = new Exchange(number, name, frame[PrefixBytes..]);
        recording.Exchanges.Add(exchange);
        _connection.TrySend(frame);
        return exchange;
    }

    private void AwaitClose(Exchange exchange)
    {
        if (_connection.Receive() is { } more)
            throw new InvalidDataException($"{exchange.Name}: {more.Length} bytes where the end was expected");
        exchange.End = ExchangeEnd.Closed;
    }
}
