using System.Buffers.Binary;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>One slot's client: its connection, its session, and the events that came.</summary>
internal sealed class Client(int port, string prefix) : IDisposable
{
    public const int SessionTimeoutMs = 50_000;

    private const int PasswordBytes = 16;
    private const int PingXid = -2;
    private const int ShortAnswerBytes = 36;

    private readonly byte[] _noPassword = new byte[PasswordBytes];
    private Connection? _connection;
    private byte[] _password = new byte[PasswordBytes];
    private int _xid;

    public bool IsConnected => _connection is not null;

    /// <summary>0 for none.</summary>
    public long SessionId { get; private set; }

    public long LastZxid { get; private set; }

    /// <summary>What came since the last step was described, in order.</summary>
    public List<Frame> Events { get; } = [];

    private Connection Open => _connection ?? throw new InvalidDataException("no connection where one is needed");

    /// <summary>Connects for a new session, or for the one it has. Tells what the server answered.</summary>
    public string Greet(Greeting greeting = Greeting.Right, int timeoutMs = SessionTimeoutMs)
    {
        var old = _connection;
        if (greeting != Greeting.Takeover)
            old?.Dispose();
        var connection = new Connection(port);
        connection.TrySend(ConnectRequest(greeting, timeoutMs));
        var answer = connection.Receive();
        var text = Take(answer, connection);
        if (greeting == Greeting.Takeover && old is not null)
        {
            text += old.Receive() is null ? "; the old connection is closed" : "; the old connection is open";
            old.Dispose();
        }

        return text;
    }

    /// <summary>Sends a request and takes its reply; null when the server closed the connection instead.</summary>
    public Frame? Call(Request request)
    {
        Send([request]);
        return Receive(_xid);
    }

    /// <summary>Sends all in one piece; the first has the xid that is returned, the others follow.</summary>
    public int Send(IReadOnlyList<Request> requests)
    {
        var first = _xid + 1;
        byte[] bytes = [.. requests.SelectMany(request =>
            request.Encode(++_xid, new FrameWriter(prefix) { LastZxid = LastZxid }))];
        Open.TrySend(bytes);
        return first;
    }

    public void SendBytes(byte[] bytes) => Open.TrySend(bytes);

    public Frame? Receive(int xid)
    {
        while (_connection?.Receive() is { } payload)
        {
            var frame = new Frame(payload);
            if (frame.Xid == Frame.EventXid)
            {
                Events.Add(frame);
                continue;
            }

            if (frame.Xid != xid)
                throw new InvalidDataException($"xid {frame.Xid} answers where {xid} was asked");
            if (xid != PingXid)
                LastZxid = Math.Max(LastZxid, frame.Zxid);
            return frame;
        }

        Cut();
        return null;
    }

    /// <summary>Waits for an event; false when the server closed the connection instead.</summary>
    public bool AwaitEvent()
    {
        if (Open.Receive() is not { } payload)
        {
            Cut();
            return false;
        }

        var frame = new Frame(payload);
        if (frame.Xid != Frame.EventXid)
            throw new InvalidDataException($"xid {frame.Xid} answers where nothing was asked");
        Events.Add(frame);
        return true;
    }

    /// <summary>
    /// Events precede the replies that follow them on their connection, so behind a ping's reply all have come; on
    /// another node, behind a sync's.
    /// </summary>
    /// <returns>False when the server has closed the connection.</returns>
    public bool Flush(bool isSync)
    {
        // Neither is a request of the sequence: what its client saw last stays.
        var request = isSync ? Requests.OnPath(Op.Sync, WirePath.Just("/")) : Requests.Bare(Op.Ping);
        Open.TrySend(request.Encode(PingXid, new FrameWriter(prefix)));
        return Receive(PingXid) is not null;
    }

    /// <summary>True when the server closes the connection without another word.</summary>
    public bool IsClosedByServer()
    {
        var isClosed = Open.Receive() is null;
        Cut();
        return isClosed;
    }

    public void Cut()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void ForgetSession()
    {
        Cut();
        SessionId = 0;
        _password = _noPassword;
    }

    public void Dispose() => _connection?.Dispose();

    private byte[] ConnectRequest(Greeting greeting, int timeoutMs)
    {
        var frame = new FrameWriter(prefix);
        frame.Int(0);
        frame.Long(greeting == Greeting.Ahead ? long.MaxValue / 2 : LastZxid);
        frame.Int(timeoutMs);
        frame.Long(greeting == Greeting.UnknownSession ? 0x7777_7777 : SessionId);
        frame.Buffer(greeting switch
        {
            Greeting.WrongPassword => [.. _password.Select(b => (byte)(b ^ 1))],
            Greeting.ShortPassword => _password[..5],
            _ => _password,
        });
        if (greeting != Greeting.Short)
            frame.Byte(0);
        return frame.Complete();
    }

    private string Take(byte[]? answer, Connection connection)
    {
        _connection = null;
        if (answer is null)
        {
            connection.Dispose();
            return "closed without an answer";
        }

        var timeout = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4));
        var id = BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8));
        var passwordBytes = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(16));
        var isReadOnlyTold = answer.Length > ShortAnswerBytes;
        var text = $"timeout {timeout}, password of {passwordBytes}, readOnly {(isReadOnlyTold ? "told" : "not told")}";
        if (id == 0)
        {
            text += answer.AsSpan(20).ContainsAnyExcept((byte)0) ? ", refused with a password" : ", refused";
            text += connection.Receive() is null ? " and closed" : " and open";
            connection.Dispose();
            return text;
        }

        text += SessionId == 0 ? ", new" : id == SessionId ? ", the same" : ", another";
        var password = answer.AsSpan(20, PasswordBytes).ToArray();
        if (SessionId == id && !password.SequenceEqual(_password))
            text += " with another password";
        (SessionId, _password, _connection, _xid) = (id, password, connection, 0);
        return text;
    }
}
