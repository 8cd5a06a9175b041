using System.Buffers.Binary;
using System.Diagnostics;
using Coord.Interop.Wire;
using Coord.JepsenLike.Clients;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>
/// Requests of real clients with some bytes changed, by seed: each is answered or ends its connection, and the cluster
/// goes on. What passes the decoder reaches the log and every replica, so a crash there would end all nodes at once.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class ChangedFramesTests
{
    private const int Frames = 150;
    private const int RecordBegin = 12;   // Behind the length, the xid and the operation.

    private static readonly TimeSpan GreetingMax = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Changed_requests_are_answered_or_refused_and_the_cluster_goes_on(int seed)
    {
        var random = new Random(seed);
        var recorded = new[] { "c", "kazoo", "java" }.SelectMany(Requests).ToArray();
        RawConnection? connection = null;
        var answers = 0;
        for (var xid = 1; xid <= Frames; xid++)
        {
            connection ??= GreetAnyone(xid);
            var frame = Change(recorded[random.Next(recorded.Length)], xid, random);
            connection.Send(frame);
            if (IsAnswered(connection, xid))
            {
                answers++;
                continue;
            }

            connection.Dispose();
            connection = null;
        }

        connection?.Dispose();
        Assert.InRange(answers, Frames / 4, Frames);
        foreach (var port in InteropCluster.Ports)
            AssertServes(port, $"/wire_after_{seed}_{port}");
    }

    // A node without a leader closes a new connection without a byte, and a client tries the next one; a node that has
    // ended refuses to be connected to, which fails the test.
    private static RawConnection GreetAnyone(int turn)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < GreetingMax; turn++)
        {
            var connection = new RawConnection(InteropCluster.Ports.ElementAt(turn % InteropCluster.Nodes));
            if (connection.Greet(Connect(0, 10_000, sessionId: 0, new byte[PasswordBytes])) is { IsRefused: false })
                return connection;
            connection.Dispose();
            Thread.Sleep(50);
        }

        throw new InvalidOperationException($"No node takes a session within {GreetingMax}.");
    }

    private static byte[] Change(byte[] recorded, int xid, Random random)
    {
        var frame = recorded.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), xid);
        // Below a root of their own: the recorded conversations are repeated on the same cluster.
        for (var at = RecordBegin; at + 1 < frame.Length; at++)
        {
            if (frame[at] == '/' && (frame[at + 1] is (byte)'c' or (byte)'k' or (byte)'j'))
                frame[at + 1] = (byte)'F';
        }

        for (var changes = random.Next(4); changes > 0; changes--)
            frame[random.Next(RecordBegin, frame.Length)] = (byte)random.Next(byte.MaxValue + 1);
        return frame;
    }

    // Events of watches that were set on the way come in between.
    private static bool IsAnswered(RawConnection connection, int xid)
    {
        while (connection.ReceiveReply() is { } reply)
        {
            if (reply.Xid != EventXid)
                return reply.Xid == xid;
        }

        return false;
    }

    private static void AssertServes(int port, string path)
    {
        using var connection = GreetAnyone(port);
        Assert.Equal(0, connection.Call(CreateRequest(1, path, [], CreateMode.Ephemeral)).Error);
        Assert.Equal(0, connection.Call(ReadRequest(2, GetData, path)).Error);
        Assert.Equal(0, connection.Call(BareRequest(3, CloseSession)).Error);
    }

    private static IEnumerable<byte[]> Requests(string name) =>
        ConversationLine.Read(
            Path.Combine(InteropCluster.Root, "tests", "Coord.Protocol.Tests", "Captures", name + ".txt"))
            .GroupBy(line => line.Connection)
            .SelectMany(lines => lines.Where(line => line.IsRequest).Skip(1))
            .Select(line => line.Frame).Where(frame => frame.Length > RecordBegin);
}
