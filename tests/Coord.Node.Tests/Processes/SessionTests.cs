using System.Buffers.Binary;
using System.Diagnostics;

namespace Coord.Node.Tests.Processes;

/// <summary>What keeps a session alive, and how it ends (zookeeper-protocol 7.2, 7.3).</summary>
public sealed class SessionTests : IDisposable
{
    private const int Exists = 3;
    private const int Sync = 9;
    private const int CloseSession = -11;
    private const int Ephemeral = 1;
    private const int NoNode = -101;
    private const int NodeDeleted = 2;
    private const int TimeoutMs = 4_000;

    private readonly LaunchedCluster cluster = new LaunchedCluster().Start();

    [Fact]
    public void A_session_that_only_reads_through_a_follower_lives_until_it_falls_silent()
    {
        var follower = cluster.Leader() % 3 + 1;
        using var watcher = new RawClient(cluster.Client(follower % 3 + 1)).Handshake(40_000);
        using var reader = new RawClient(cluster.Client(follower)).Handshake(TimeoutMs);
        Assert.Equal(0, reader.Create(1, "/e", flags: Ephemeral));

        var xid = 1;
        for (var since = Stopwatch.StartNew(); since.ElapsedMilliseconds < 2 * TimeoutMs;)
            Assert.Equal(0, reader.Request(++xid, Exists, [.. RawClient.Text("/e"), 0]));
        Assert.Equal(0, watcher.Request(1, Sync, RawClient.Text("/e")));
        Assert.Equal(0, watcher.Request(2, Exists, [.. RawClient.Text("/e"), 1]));

        // Nothing is sent to who expires: the connection ends, and others are told once.
        Assert.Empty(reader.ReceiveToEnd());
        AssertDeleted(watcher, "/e");
        Assert.Equal(NoNode, watcher.Request(3, Exists, [.. RawClient.Text("/e"), 0]));
        Assert.Equal(0, Refused(reader.Session));
    }

    [Fact]
    public void A_session_that_is_closed_takes_its_ephemerals_with_it_at_once()
    {
        using var watcher = new RawClient(cluster.Client(2)).Handshake(40_000);
        using var closing = new RawClient(cluster.Client(1)).Handshake(40_000);
        Assert.Equal(0, closing.Create(1, "/e", flags: Ephemeral));
        Assert.Equal(0, watcher.Request(1, Sync, RawClient.Text("/e")));
        Assert.Equal(0, watcher.Request(2, Exists, [.. RawClient.Text("/e"), 1]));

        Assert.Equal(0, closing.Request(2, CloseSession));
        Assert.Empty(closing.ReceiveToEnd());
        AssertDeleted(watcher, "/e");
        Assert.Equal(0, Refused(closing.Session));
    }

    public void Dispose() => cluster.Dispose();

    private static void AssertDeleted(RawClient watcher, string path)
    {
        var fired = watcher.ReceiveFrame();
        Assert.Equal(-1, BinaryPrimitives.ReadInt32BigEndian(fired));
        Assert.Equal([.. RawClient.I32(NodeDeleted), .. RawClient.I32(3), .. RawClient.Text(path)], fired[16..]);
    }

    // The timeout of the answer, after which the node hangs up.
    private int Refused(byte[] session)
    {
        using var later = new RawClient(cluster.Client(3));
        later.SendFrame([.. RawClient.I32(0), .. RawClient.I64(0), .. RawClient.I32(TimeoutMs), .. session, 0]);
        var answer = later.ReceiveFrame();
        Assert.Empty(later.ReceiveToEnd());
        return BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4));
    }
}
