using System.Buffers;
using System.Buffers.Binary;
using Coord.Node.Clients;

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
