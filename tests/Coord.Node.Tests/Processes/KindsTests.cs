using System.Buffers.Binary;
using System.Text;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// Containers, znodes with a time to live and quotas on running nodes, by raw frames (zookeeper-protocol 2.2, 9).
/// </summary>
public sealed class KindsTests
{
    private const int Delete = 2;
    private const int Exists = 3;
    private const int GetData = 4;
    private const int CreateContainer = 19;
    private const int DeleteContainer = 20;
    private const int CreateTtl = 21;
    private const int GetAllChildrenNumber = 104;
    private const int CreateSession = -10;
    private const int EventXid = -1;
    private const int NodeDeleted = 2;
    private const int NoNode = -101;
    private const int QuotaExceeded = -125;
    private const int Unimplemented = -6;
    private const string FastSweep = "--zookeeper:znode.container.checkIntervalMs=10";

    [Fact]
    public void What_is_due_is_swept_and_its_watches_fire()
    {
        using var node = NodeProcess.Dev(out var ports, FastSweep);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Request(1, CreateContainer, Record("/box", flags: 4)));
        Assert.Equal(0, client.Create(2, "/box/x"));
        Assert.Equal(0, client.Request(3, Exists, [.. RawClient.Text("/box"), 1]));
        Assert.Equal(0, client.Request(4, Delete, [.. RawClient.Text("/box/x"), .. RawClient.I32(-1)]));
        AssertDeleted(client, "/box");

        Assert.Equal(0, client.Request(5, CreateTtl, [.. Record("/timed", flags: 5), .. RawClient.I64(700)]));
        Assert.Equal(0, client.Request(6, Exists, [.. RawClient.Text("/timed"), 1]));
        AssertDeleted(client, "/timed");
        Assert.Equal(NoNode, client.Request(7, Exists, [.. RawClient.Text("/timed"), 0]));
    }

    // Danger: the sweep is the leader's, and the next one must find what the last one did not come to.
    [Fact]
    public void What_a_killed_leader_did_not_sweep_the_next_one_does()
    {
        using var cluster = new LaunchedCluster().With("zookeeper:znode.container.checkIntervalMs", 20).Start();
        var leader = cluster.Leader();
        using var client = new RawClient(cluster.Client(leader % 3 + 1)).Handshake();
        Assert.Equal(0, client.Request(1, CreateTtl, [.. Record("/timed", flags: 5), .. RawClient.I64(4_000)]));
        Assert.Equal(0, client.Request(2, CreateContainer, Record("/box", flags: 4)));
        Assert.Equal(0, client.Create(3, "/box/x"));
        cluster.Do("kill", $"{leader}");
        Assert.NotEqual(leader, cluster.Leader());

        Assert.Equal(0, client.Request(4, Exists, [.. RawClient.Text("/box"), 1]));
        Assert.Equal(0, client.Request(5, Delete, [.. RawClient.Text("/box/x"), .. RawClient.I32(-1)]));
        AssertDeleted(client, "/box");
        if (client.Request(6, Exists, [.. RawClient.Text("/timed"), 1]) == 0)
            AssertDeleted(client, "/timed");
        Assert.Equal(["zookeeper"], client.Children(7, "/"));
    }

    [Theory]
    [InlineData(DeleteContainer)]
    [InlineData(CreateSession)]
    public void What_ZooKeeper_keeps_for_itself_is_refused_and_ends_the_connection(int operation)
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/plain"));
        Assert.Equal(Unimplemented, client.Request(2, operation, RawClient.Text("/plain")));
        Assert.Empty(client.ReceiveToEnd());
        using var other = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, other.Request(1, Exists, [.. RawClient.Text("/plain"), 0]));
    }

    [Fact]
    public void Without_extended_types_a_time_to_live_is_unimplemented_and_the_connection_stays()
    {
        using var node = NodeProcess.Dev(out var ports, "--zookeeper:extendedTypesEnabled=false");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(
            Unimplemented, client.Request(1, CreateTtl, [.. Record("/timed", flags: 5), .. RawClient.I64(1)]));
        Assert.Equal(Unimplemented, client.Create(2, "/timed", flags: 5));
        Assert.Equal(0, client.Create(3, "/goes-on"));
    }

    [Theory]
    [InlineData("true", QuotaExceeded)]
    [InlineData("false", 0)]
    public void A_hard_quota_is_enforced_where_the_setting_says_so_and_noted_in_any_case(string setting, int error)
    {
        using var node = NodeProcess.Dev(out var ports, $"--zookeeper:enforceQuota={setting}");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/a", dataBytes: 5));
        Assert.Equal(0, client.Create(2, "/zookeeper/quota/a"));
        Assert.Equal(0, client.Request(3, 1, Record("/zookeeper/quota/a/zookeeper_limits", "countHardLimit=2")));
        Assert.Equal(0, client.Request(4, 1, Record("/zookeeper/quota/a/zookeeper_stats", "count=0,bytes=0")));
        Assert.Equal(0, client.Create(5, "/a/1", dataBytes: 3));
        Assert.Equal("count=2,bytes=8", Data(client, 6, "/zookeeper/quota/a/zookeeper_stats"));
        Assert.Equal(error, client.Create(7, "/a/2"));
        Assert.Equal(error, client.Create(8, "/a/3"));
        node.WaitFor("/a exceeds its quota: 3 znodes, allowed are 2");
        LaunchedCluster.Until("the count of it", () =>
            RawClient.Ask(ports.Client, "mntr").Contains("zk_quota_exceeded_error\t2", StringComparison.Ordinal));
    }

    [Fact]
    public void All_znodes_below_a_path_are_counted()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(3, Count(client, 1, "/"));
        Assert.Equal(0, client.Create(2, "/a"));
        Assert.Equal(0, client.Create(3, "/a/b"));
        Assert.Equal((5, 1, 0), (Count(client, 4, "/"), Count(client, 5, "/a"), Count(client, 6, "/a/b")));
        Assert.Equal(NoNode, client.Request(7, GetAllChildrenNumber, RawClient.Text("/none")));
    }

    private static void AssertDeleted(RawClient client, string path)
    {
        var told = client.ReceiveFrame();
        Assert.Equal((EventXid, NodeDeleted), (I32(told, 0), I32(told, 16)));
        Assert.EndsWith(path, Encoding.UTF8.GetString(told), StringComparison.Ordinal);
    }

    private static int Count(RawClient client, int xid, string path)
    {
        client.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(GetAllChildrenNumber), .. RawClient.Text(path)]);
        var reply = client.ReceiveFrame();
        Assert.Equal((xid, 0, 20), (I32(reply, 0), I32(reply, 12), reply.Length));
        return I32(reply, 16);
    }

    private static string Data(RawClient client, int xid, string path)
    {
        client.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(GetData), .. RawClient.Text(path), 0]);
        var reply = client.ReceiveFrame();
        Assert.Equal((xid, 0), (I32(reply, 0), I32(reply, 12)));
        return Encoding.UTF8.GetString(reply, 20, I32(reply, 16));
    }

    private static int I32(byte[] frame, int at) => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at));

    private static byte[] Record(string path, string data = "", int flags = 0) =>
    [
        .. RawClient.Text(path), .. RawClient.Text(data),
        .. RawClient.I32(1), .. RawClient.I32(31), .. RawClient.Text("world"), .. RawClient.Text("anyone"),
        .. RawClient.I32(flags),
    ];
}
