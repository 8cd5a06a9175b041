using System.Buffers.Binary;
using Coord.Differential.Wire;

namespace Coord.Differential.Captured;

/// <summary>Says to a server what was recorded, and compares its answers with those of the recording.</summary>
internal sealed class Replay : IDisposable
{
    private readonly IReadOnlyList<Exchange> _recorded;
    private readonly int _port;
    private readonly Dictionary<int, Connection> _connections = [];
    private readonly AnswerComparison _comparison;

    private Replay(IReadOnlyList<Exchange> recorded, int port) =>
        (_recorded, _port, _comparison) = (recorded, port, new AnswerComparison(recorded, isOfNow: true));

    /// <summary>Every field in which the server at this port answers otherwise.</summary>
    public static IReadOnlyList<FrameDifference> Execute(IReadOnlyList<Exchange> recorded, int port)
    {
        using var replay = new Replay(recorded, port);
        foreach (var exchange in recorded)
            replay.Repeat(exchange);
        replay._comparison.Complete();
        return replay._comparison.Differences;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
    }

    private void Repeat(Exchange exchange)
    {
        if (ConversationFile.IsHandshake(_recorded, exchange))
            _connections.Add(exchange.Connection, new Connection(_port));
        var connection = _connections[exchange.Connection];
        if (exchange.Request is not null)
            connection.TrySend(Frame(_comparison.Ours(exchange)));
        foreach (var theirs in exchange.Answers)
        {
            if (connection.Receive() is { } ours)
                _comparison.Compare(exchange, theirs, ours);
            else
                _comparison.Note(exchange, "a frame there, the end of the connection here");
        }

        if (exchange.End == ExchangeEnd.Cut)
            connection.Dispose();
        if (exchange.End == ExchangeEnd.Closed && connection.Receive() is { } more)
            _comparison.Note(exchange, $"the end of the connection there, {more.Length} bytes here");
    }

    private static byte[] Frame(byte[] payload)
    {
        var frame = new byte[sizeof(int) + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(sizeof(int)));
        return frame;
    }
}
