using System.Diagnostics;
using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>
/// zkCli, ZooKeeper's own shell on its Java client (Debian packages zookeeper, libzookeeper-java), unchanged. It has no
/// command for a multi; the other clients cover that.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class ZkCliTests(InteropCluster cluster)
{
    private const int ShortTimeoutMs = 4000;   // The shortest that a server grants by default.

    [Fact]
    public async Task Create_get_set_delete()
    {
        using var shell = await ConnectAsync();
        Assert.Contains("Created /java_a", await shell.RunAsync("create /java_a one"), StringComparison.Ordinal);
        Assert.Contains("already exists", await shell.RunAsync("create /java_a x"), StringComparison.Ordinal);
        var got = await shell.RunAsync("get -s /java_a");
        Assert.Contains("one", got, StringComparison.Ordinal);
        Assert.Contains("dataVersion = 0", got, StringComparison.Ordinal);
        await shell.RunAsync("set -v 0 /java_a two");
        var refused = await shell.RunAsync("set -v 0 /java_a x");
        Assert.Contains("version No is not valid", refused, StringComparison.Ordinal);
        Assert.Contains("dataVersion = 1", await shell.RunAsync("get -s /java_a"), StringComparison.Ordinal);
        await shell.RunAsync("delete -v 1 /java_a");
        Assert.Contains("does not exist", await shell.RunAsync("get /java_a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_and_sequential_names()
    {
        using var shell = await ConnectAsync();
        await shell.RunAsync("create /java_c");
        Assert.Contains("/java_c/s-0000000000", await shell.RunAsync("create -s /java_c/s-"), StringComparison.Ordinal);
        Assert.Contains("/java_c/s-0000000001", await shell.RunAsync("create -s /java_c/s-"), StringComparison.Ordinal);
        var children = await shell.RunAsync("ls -s /java_c");
        Assert.Contains("[s-0000000000, s-0000000001]", children, StringComparison.Ordinal);
        Assert.Contains("numChildren = 2", children, StringComparison.Ordinal);
        Assert.Contains("not empty", await shell.RunAsync("delete /java_c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ephemeral_vanishes_on_close()
    {
        using var shell = await ConnectAsync();
        using (var other = await ConnectAsync())
        {
            await other.RunAsync("create -e /java_e");
            await shell.RunAsync("sync /");
            Assert.NotEqual("ephemeralOwner = 0x0", OwnerIn(await shell.RunAsync("stat /java_e")));
            await other.QuitAsync();
        }

        await shell.RunAsync("sync /");
        Assert.Contains("does not exist", await shell.RunAsync("stat /java_e"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ephemeral_vanishes_on_expiry()
    {
        using var shell = await ConnectAsync();
        using var other = await ConnectAsync(ShortTimeoutMs);
        await other.RunAsync("create -e /java_x");
        await shell.RunAsync("sync /");
        await shell.RunAsync("stat -w /java_x");
        other.Kill();
        var killed = Stopwatch.StartNew();
        await shell.UntilAsync("type:NodeDeleted path:/java_x");
        Assert.True(killed.ElapsedMilliseconds >= ShortTimeoutMs / 2, $"{killed.ElapsedMilliseconds} ms");
        Assert.Contains("does not exist", await shell.RunAsync("stat /java_x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_fires_once()
    {
        using var shell = await ConnectAsync();
        using var other = await ConnectAsync();
        await shell.RunAsync("create /java_w 0");
        await shell.RunAsync("get -w /java_w");
        await other.RunAsync("set /java_w 1");
        await other.RunAsync("set /java_w 2");
        var heard = await shell.RunAsync("sync /") + await shell.RunAsync("get /java_w");
        Assert.Equal(2, heard.Split("type:NodeDataChanged path:/java_w").Length);
        Assert.EndsWith("2", heard.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_survives_the_death_of_its_node()
    {
        using var shell = await ConnectAsync();
        await shell.RunAsync("create -e /java_d mine");
        var owner = OwnerIn(await shell.RunAsync("stat /java_d"));
        var port = ConnectedPort.Of(shell.ProcessId);
        cluster.Obey($"kill {port}");
        try
        {
            await shell.UntilAsync("state:SyncConnected");
            Assert.NotEqual(port, ConnectedPort.Of(shell.ProcessId));
            await shell.RunAsync("set /java_d still");
            var stat = await shell.RunAsync("get -s /java_d");
            Assert.Contains("still", stat, StringComparison.Ordinal);
            Assert.Equal(owner, OwnerIn(stat));
        }
        finally
        {
            cluster.Obey($"restart {port}");
        }
    }

    private static string OwnerIn(string stat) =>
        stat.Split('\n').Single(line => line.StartsWith("ephemeralOwner = ", StringComparison.Ordinal));

    private static async Task<ZkCli> ConnectAsync(int timeoutMs = 10_000)
    {
        DebianPackages.Require(ZkCli.IsInstalled, "libzookeeper-java default-jre-headless");
        return await ZkCli.ConnectAsync(timeoutMs);
    }
}
