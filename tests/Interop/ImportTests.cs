using System.Text;
using Coord.Interop.Clients;
using Coord.Interop.Moving;
using Coord.Interop.Wire;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>
/// deploy/import-zookeeper.sh on a running ZooKeeper: what the wire shows, and from a snapshot what it does not.
/// </summary>
[Collection(MovingCollection.Name)]
public sealed class ImportTests
{
    private const string Digest = "user:Jv6C8pYcnZYSRRqjLAB+iZQF7OE=";
    private const int NoNode = -101;
    private const int Different = 1;
    private const int WrongUse = 2;
    private const int NotEmpty = 4;
    private const int NotAllowed = 6;
    private const int Unavailable = 7;

    private static string Script => Path.Combine(InteropCluster.Root, "deploy", "import-zookeeper.sh");

    [Fact]
    public void A_tree_of_every_kind_is_moved_and_its_sequences_go_on()
    {
        Require();
        using var source = LaunchedServers.ZooKeeper();
        using (var client = RawConnection.Greet(source.Port, out _))
        {
            Fill(client);

            // ZooKeeper writes a snapshot when it starts.
            source.Do("kill", "1");
            source.Do("restart", "1");
            UntilServing(source.Port);
        }

        using var target = LaunchedServers.Coord();
        using var watching = RawConnection.Greet(source.Port, out _);
        Assert.Equal(0, watching.Call(ZooKeeperFrames.Short(1, "/queue/short")).Error);
        Import(0, "both trees are equal", source.Host, "--to", target.Host, "--snapshot", source.Snapshot);

        using var moved = RawConnection.Greet(target.Port, out _);
        Assert.Equal("/queue/n-0000000006", Text(moved.Call(ZooKeeperFrames.Numbered(1, "/queue/n-"))));
        Assert.Equal("value", Text(moved.Call(ReadRequest(2, GetData, "/app/config"))));
        Assert.Equal(NoNode, moved.Call(ReadRequest(3, Exists, "/queue/short")).Error);
        Assert.Equal(0, moved.Call(ReadRequest(4, Exists, "/timed")).Error);

        // It is a container there as well: it goes with its last child.
        Assert.Equal(0, moved.Call(ReadRequest(5, Exists, "/box", watch: true)).Error);
        Assert.Equal(0, moved.Call(DeleteRequest(6, "/box/in")).Error);
        Assert.Equal(EventXid, moved.ReceiveReply()!.Xid);
        Assert.Equal(NoNode, moved.Call(ReadRequest(7, Exists, "/box")).Error);

        Import(NotEmpty, "the target is not empty", source.Host, "--to", target.Host);
    }

    [Fact]
    public void Without_the_right_to_see_the_digests_in_an_acl_nothing_is_guessed()
    {
        Require();
        using var source = LaunchedServers.ZooKeeper();
        using var client = RawConnection.Greet(source.Port, out _);
        Assert.Equal(0, client.Call(ZooKeeperFrames.Guarded(1, "/guarded", Digest)).Error);
        Assert.Equal(0, client.Call(ZooKeeperFrames.Masked(2, "/masked", Digest)).Error);
        using var target = LaunchedServers.Coord();
        Import(NotAllowed, "hides the digests in the ACL of /masked", source.Host, "--to", target.Host);
    }

    [Fact]
    public void A_source_that_dies_ends_the_import_with_a_word()
    {
        Require();
        using var source = LaunchedServers.ZooKeeper();
        using (var client = RawConnection.Greet(source.Port, out _))
        {
            for (var i = 0; i < 1_500; i++)
                Assert.Equal(0, client.Call(ZooKeeperFrames.Plain(i + 1, $"/n{i}", "")).Error);
        }

        using var target = LaunchedServers.Coord();
        using var moved = RawConnection.Greet(target.Port, out _);
        using var import = LaunchedServers.Begin(
            Script, out var log, source.Host, "--to", target.Host, "--parallel", "1", "--timeout", "2");
        Assert.True(SpinWait.SpinUntil(
            () => moved.Call(ReadRequest(1, Exists, "/")).Error == 0 && ChildrenOfRoot(moved) > 1 || import.HasExited,
            TimeSpan.FromMinutes(2)));
        source.Do("kill", "1");
        import.WaitForExit();
        var output = File.ReadAllText(log);
        File.Delete(log);
        Assert.True(import.ExitCode == Unavailable, $"{import.ExitCode}: {output}");
        Assert.Contains("the source does not answer", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_that_are_wrong_are_told_and_tried_no_longer_than_said()
    {
        Require();
        var closed = $"127.0.0.1:{JepsenLike.Faults.FreePorts.Find(1)}";
        Import(Unavailable, "the source does not answer", closed, "--to", InteropCluster.Hosts, "--timeout", "1");
        Import(WrongUse, "the addresses of the source", "nonsense:::", "--to", InteropCluster.Hosts);
        Import(WrongUse, "name the target", InteropCluster.Hosts);
        using var source = LaunchedServers.ZooKeeper();
        Import(Different, "is it a Coord cluster?", source.Host, "--to", source.Host);
    }

    /// <summary>Sweeps there run every 50 ms, and its children come after all its neighbours.</summary>
    [Fact]
    public void A_znode_with_a_short_time_to_live_waits_for_its_children()
    {
        Require();
        using var source = LaunchedServers.ZooKeeper();
        using (var client = RawConnection.Greet(source.Port, out _))
        {
            Assert.Equal(0, client.Call(ZooKeeperFrames.Timed(1, "/brief", 60_000)).Error);
            Assert.Equal(0, client.Call(ZooKeeperFrames.Plain(2, "/brief/in", "")).Error);
            Assert.Equal(0, client.Call(ZooKeeperFrames.Timed(3, "/brief/in/briefer", 1)).Error);
            Assert.Equal(0, client.Call(ZooKeeperFrames.Plain(4, "/brief/in/briefer/last", "")).Error);
            for (var i = 0; i < 600; i++)
                Assert.Equal(0, client.Call(ZooKeeperFrames.Plain(i + 5, $"/brief/in/n{i}", "")).Error);
        }

        source.Do("kill", "1");
        source.Do("restart", "1");
        UntilServing(source.Port);
        using var target = LaunchedServers.Coord();
        Import(
            0, "both trees are equal", source.Host, "--to", target.Host, "--snapshot", source.Snapshot,
            "--parallel", "1");
        using var moved = RawConnection.Greet(target.Port, out _);
        Assert.Equal(0, moved.Call(ReadRequest(1, Exists, "/brief/in/briefer/last")).Error);

        // Its kind is what it was: without children its time is over.
        Assert.Equal(0, moved.Call(ReadRequest(2, Exists, "/brief/in/briefer", watch: true)).Error);
        Assert.Equal(0, moved.Call(DeleteRequest(3, "/brief/in/briefer/last")).Error);
        Assert.Equal(EventXid, moved.ReceiveReply()!.Xid);
        Assert.Equal(NoNode, moved.Call(ReadRequest(4, Exists, "/brief/in/briefer")).Error);
    }

    private static void Fill(RawConnection client)
    {
        var xid = 1;
        byte[][] requests =
        [
            ZooKeeperFrames.Plain(xid++, "/app", ""), ZooKeeperFrames.Plain(xid++, "/app/config", "value"),
            ZooKeeperFrames.Plain(xid++, "/queue", ""), ZooKeeperFrames.Box(xid++, "/box"),
            ZooKeeperFrames.Plain(xid++, "/box/in", ""), ZooKeeperFrames.Box(xid++, "/unused"),
            ZooKeeperFrames.Timed(xid++, "/timed", 3_600_000), ZooKeeperFrames.Guarded(xid++, "/guarded", Digest),
            ZooKeeperFrames.Plain(xid++, "/zookeeper/quota/app", ""),
            ZooKeeperFrames.Plain(xid++, "/zookeeper/quota/app/zookeeper_limits", "count=1,bytes=1"),
            ZooKeeperFrames.Plain(xid++, "/zookeeper/quota/app/zookeeper_stats", "count=0,bytes=0"),
        ];
        foreach (var request in requests)
            Assert.Equal(0, client.Call(request).Error);
        for (var i = 0; i < 5; i++)
            Assert.Equal(0, client.Call(ZooKeeperFrames.Numbered(xid++, "/queue/n-")).Error);
        Assert.Equal(0, client.Call(DeleteRequest(xid++, "/queue/n-0000000004")).Error);
    }

    private void Import(int code, string words, params string[] arguments)
    {
        var (ended, output) = LaunchedServers.Run(Script, arguments);
        Assert.True(ended == code && output.Contains(words, StringComparison.Ordinal), $"{ended}: {output}");
    }

    private static int ChildrenOfRoot(RawConnection connection)
    {
        const int StatChildren = 8 * 4 + 4 * 3 + 8 + 4;
        var stat = connection.Call(ReadRequest(1, Exists, "/")).Body;
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stat.AsSpan(StatChildren));
    }

    private static string Text(RawReply reply)
    {
        Assert.Equal(0, reply.Error);
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(reply.Body);
        return Encoding.UTF8.GetString(reply.Body, sizeof(int), length);
    }

    private static void UntilServing(int port) => Assert.True(SpinWait.SpinUntil(
        () => InteropCluster.IsServing(port), TimeSpan.FromMinutes(1)), $"no answer at {port}");

    private static void Require() => DebianPackages.Require(ZkCli.IsInstalled, "zookeeper default-jre-headless");
}
