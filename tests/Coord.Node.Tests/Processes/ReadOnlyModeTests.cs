using System.Buffers.Binary;

namespace Coord.Node.Tests.Processes;

/// <summary>A node whose cluster lost its quorum (zookeeper-protocol 7.5).</summary>
public sealed class ReadOnlyModeTests : IDisposable
{
    private const int Sync = 9;
    private const int GetData = 4;
    private const int CloseSession = -11;
    private const int Ping = 11;
    private const int NotReadOnly = -119;

    private readonly LaunchedCluster cluster = new LaunchedCluster().With("zookeeper:readonlymode.enabled", "true");

    [Fact]
    public void Without_a_quorum_clients_that_ask_for_it_read_and_nothing_else()
    {
        cluster.Start();
        byte[] session;
        using (var client = new RawClient(cluster.Client(1)).Handshake())
        {
            Assert.Equal(0, client.Create(1, "/a"));
            Assert.Equal(0, client.Request(2, Sync, RawClient.Text("/a")));
            session = client.Session;
        }

        cluster.Do("kill", "2");
        cluster.Do("kill", "3");
        RawClient? reader = null;
        LaunchedCluster.Until("it serves reads", () => (reader = TryRead()) is not null);
        using (reader)
        {
            Assert.Equal(0, reader!.Request(1, GetData, [.. RawClient.Text("/a"), 1]));
            Assert.Equal(NotReadOnly, reader.Create(2, "/b"));
            Assert.Equal(NotReadOnly, reader.Request(3, Sync, RawClient.Text("/a")));
            Assert.Equal(0, reader.Request(-2, Ping));

            Assert.Empty(Greet(readOnly: false, RawClient.I64(0)));
            Assert.Empty(Greet(readOnly: true, session));
            Assert.Empty(Greet(readOnly: true, RawClient.I64(0), lastZxid: long.MaxValue));

            // Nobody ends such a session but its node.
            using (var silent = TryRead(timeoutMs: 4_000))
                Assert.Empty(silent!.ReceiveToEnd());
            Assert.Equal(0, reader.Request(-2, Ping));

            // With a leader again, who reads is to find a node that serves all of it.
            cluster.Do("restart", "2");
            Assert.Empty(reader.ReceiveToEnd());
        }

        cluster.UntilServing(1);
        using var later = new RawClient(cluster.Client(1)).Handshake(session: session);
        Assert.Equal(0, later.Create(3, "/b"));
        Assert.Equal(0, later.Request(4, CloseSession));
    }

    public void Dispose() => cluster.Dispose();

    private RawClient? TryRead(int timeoutMs = 40_000)
    {
        var client = new RawClient(cluster.Client(1));
        byte[] noSession = [.. RawClient.I64(0), .. RawClient.Text(new string('\0', 16))];
        client.SendFrame(Request(readOnly: true, noSession, 0, timeoutMs));
        try
        {
            var answer = client.ReceiveFrame();
            Assert.Equal(37, answer.Length);
            Assert.Equal(1, answer[36]);
            Assert.True(BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(8)) < 0);
            return client;
        }
        catch (IOException)
        {
            client.Dispose();
            return null;
        }
    }

    private byte[] Greet(bool readOnly, byte[] session, long lastZxid = 0)
    {
        using var client = new RawClient(cluster.Client(1));
        byte[] whole = session.Length > 8 ? session : [.. session, .. RawClient.Text(new string('\0', 16))];
        client.SendFrame(Request(readOnly, whole, lastZxid));
        return client.ReceiveToEnd();
    }

    private static byte[] Request(bool readOnly, byte[] session, long lastZxid, int timeoutMs = 10_000) =>
    [
        .. RawClient.I32(0), .. RawClient.I64(lastZxid), .. RawClient.I32(timeoutMs), .. session,
        readOnly ? (byte)1 : (byte)0,
    ];
}
