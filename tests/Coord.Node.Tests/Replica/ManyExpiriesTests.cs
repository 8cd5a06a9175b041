using System.Buffers;
using System.Buffers.Binary;
using Coord.Node.Clients;
using Coord.Node.Tests.Processes;

namespace Coord.Node.Tests.Replica;

/// <summary>
/// Thousands of sessions whose clients vanished together: their ends are spread over turns (design.md section 5), and
/// who is still there does not wait for them.
/// </summary>
public class ManyExpiriesTests
{
    private const int Vanished = 3_000;
    private const int TimeoutMs = 10_000;
    private const int ReplyBytes = 20;

    private static readonly byte[] Ping = [0, 0, 0, 8, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 11];

    private readonly LoneReplica replica = new(processStart: 1);
    private readonly NoTransport transport = new();

    [Fact]
    public void Pings_are_answered_as_fast_while_thousands_expire_and_each_session_ends_once()
    {
        var present = new ClientSession(transport);
        replica.TakeAll([
            Connecting(present), .. Enumerable.Range(0, Vanished).Select(_ => Connecting(new(new NoTransport()))),
        ]);
        while (replica.Tree.SessionCount <= Vanished)
            replica.TakeAll();
        var usual = TurnsOfPing(present);

        var (turns, atOnce, slowest) = (0, 0, 0);
        for (; replica.Tree.SessionCount > 1; turns++)
        {
            var before = replica.Tree.SessionCount;
            slowest = Math.Max(slowest, TurnsOfPing(present));
            atOnce = Math.Max(atOnce, before - replica.Tree.SessionCount);
            Assert.InRange(turns * NodeLimits.Default.ReplicaTick.TotalMilliseconds, 0, 3 * TimeoutMs);
        }

        Assert.Equal(usual, slowest);
        Assert.InRange(atOnce, 1, slowest * NodeLimits.Default.ExpiriesPerTurnMax);
        Assert.Equal(ClientPhase.Connected, present.Phase);
        Assert.Equal(usual, TurnsOfPing(present));
    }

    [Fact]
    public void A_turn_deletes_a_share_of_the_ephemerals_of_sessions_that_vanish_together()
    {
        // Fifty sessions are few, and five thousand znodes are not.
        const int Each = 100;
        ClientSession[] vanished = [.. Enumerable.Range(0, 50).Select(_ => new ClientSession(new NoTransport()))];
        replica.TakeAll(vanished.Select(Connecting));
        while (vanished.Any(session => session.Phase != ClientPhase.Connected))
            replica.TakeAll();
        replica.TakeAll(vanished.Select(session => new ClientFrames(session, Ephemerals(session.Id, Each), Each)));
        while (replica.Tree.EphemeralCount < vanished.Length * Each)
            replica.TakeAll();

        var most = 0;
        for (var left = replica.Tree.EphemeralCount; left > 0; left = replica.Tree.EphemeralCount)
        {
            replica.TakeAll();
            most = Math.Max(most, left - replica.Tree.EphemeralCount);
        }

        Assert.InRange(most, Each, NodeLimits.Default.ExpiredEphemeralsPerTurnMax);
        Assert.Equal(0, replica.Tree.SessionCount);
    }

    private static byte[] Ephemerals(long session, int count)
    {
        byte[] frames = [];
        for (var number = 1; number <= count; number++)
        {
            var request = ReplicaClient.Create(number, $"/{session}-{number}");
            request[^1] = 1;
            frames = [.. frames, .. RawClient.I32(request.Length), .. request];
        }

        return frames;
    }

    private static ClientConnecting Connecting(ClientSession session) => new(
        session, new ConnectHandshake(0, TimeoutMs, 0, new byte[16], HasReadOnlyByte: true, AcceptsReadOnly: false));

    private int TurnsOfPing(ClientSession session)
    {
        var written = (ArrayBufferWriter<byte>)transport.Output;
        written.ResetWrittenCount();
        replica.TakeAll(new ClientFrames(session, Ping, Count: 1));
        var turns = 1;
        for (; written.WrittenCount == 0; turns++)
            replica.TakeAll();
        Assert.Equal(ReplyBytes, written.WrittenCount);
        Assert.Equal(-2, BinaryPrimitives.ReadInt32BigEndian(written.WrittenSpan[4..]));
        return turns;
    }
}
