using System.Buffers.Binary;
using Coord.Interop.Wire;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>
/// What real clients once said to Apache ZooKeeper 3.8, said again: every reply and every event must come in the same
/// order and mean the same, to the byte but for zxids, times and session ids.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class ConversationTests
{
    private readonly Dictionary<(int Connection, int Xid), int> _asked = [];
    private RawSession? _session;
    private long _lastZxid;

    [Theory]
    [InlineData("c")]
    [InlineData("kazoo")]
    public void A_recorded_conversation_gets_the_same_answers(string name)
    {
        var file = Path.Combine(InteropCluster.Root, "tests", "Coord.Protocol.Tests", "Captures", name + ".txt");
        var answers = 0;
        foreach (var lines in ConversationLine.Read(file).GroupBy(line => line.Connection))
        {
            // A broken connection is left without a word, as it was.
            using var connection = new RawConnection(InteropCluster.Ports.First());
            Assert.True(lines.First().IsRequest);
            Greet(connection, lines.First().Frame);
            foreach (var line in lines.Skip(1).Where(line => line.IsRequest || !IsHandshake(line, lines)))
                answers += Repeat(connection, line);
        }

        Assert.InRange(answers, 30, int.MaxValue);
    }

    private static bool IsHandshake(ConversationLine line, IEnumerable<ConversationLine> lines) =>
        ReferenceEquals(line, lines.First(other => !other.IsRequest));

    private void Greet(RawConnection connection, byte[] recorded)
    {
        var timeoutMs = BinaryPrimitives.ReadInt32BigEndian(recorded.AsSpan(16));
        _session = connection.Greet(
            Connect(_lastZxid, timeoutMs, _session?.Id ?? 0, _session?.Password ?? new byte[PasswordBytes]));
        Assert.NotNull(_session);
        Assert.Equal(timeoutMs, _session.TimeoutMs);
    }

    private int Repeat(RawConnection connection, ConversationLine line)
    {
        if (line.IsRequest)
        {
            _asked[(line.Connection, line.Xid)] = line.Type;
            if (line.Type == SetWatches)
                BinaryPrimitives.WriteInt64BigEndian(line.Frame.AsSpan(12), _lastZxid);
            connection.Send(line.Frame);
            return 0;
        }

        var type = line.Xid == EventXid ? EventXid : _asked[(line.Connection, line.Xid)];
        var answer = connection.Receive();
        Assert.NotNull(answer);
        Assert.Equal(ReplyText.Of(type, line.Frame[4..]), ReplyText.Of(type, answer));
        if (type != EventXid)
            _lastZxid = Math.Max(_lastZxid, BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(4)));
        return 1;
    }
}
