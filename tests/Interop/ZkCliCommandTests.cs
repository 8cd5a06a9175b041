using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>zkCli's commands beyond the everyday ones of <see cref="ZkCliTests"/>.</summary>
[Collection(InteropCollection.Name)]
public sealed class ZkCliCommandTests(InteropCluster cluster)
{
    [Fact]
    public async Task Access_control()
    {
        using var shell = await ConnectAsync();
        await shell.RunAsync("create /cli_acl mine");
        Assert.Contains("'world,'anyone\n: cdrwa", await shell.RunAsync("getAcl /cli_acl"));
        await shell.RunAsync("addauth digest me:secret");
        Assert.Contains("version No is not valid", await shell.RunAsync("setAcl -v 7 /cli_acl world:anyone:r"));
        Assert.Contains("aclVersion = 1", await shell.RunAsync("setAcl -s -v 0 /cli_acl auth::cdrwa"));
        var acl = await shell.RunAsync("getAcl -s /cli_acl");
        Assert.Contains("'digest,'me:", acl);
        Assert.Contains("aclVersion = 1", acl);
        var identities = await shell.RunAsync("whoami");
        Assert.Contains("digest: me", identities);
        Assert.Contains("ip: 127.0.0.1", identities);

        using var stranger = await ConnectAsync();
        await stranger.RunAsync("sync /cli_acl");
        Assert.Contains("Insufficient permission", await stranger.RunAsync("get /cli_acl"));
        Assert.Contains("Insufficient permission", await stranger.RunAsync("setAcl /cli_acl world:anyone:cdrwa"));
        await stranger.RunAsync("addauth digest me:secret");
        Assert.Contains("mine", await stranger.RunAsync("get /cli_acl"));
    }

    [Fact]
    public async Task Watches_that_stay()
    {
        const string changed = "type:NodeDataChanged path:/cli_watch";
        using var shell = await ConnectAsync();
        using var other = await ConnectAsync();
        await shell.RunAsync("create /cli_watch");
        await shell.RunAsync("addWatch -m PERSISTENT /cli_watch");
        for (var turn = 0; turn < 2; turn++)
        {
            await other.RunAsync($"set /cli_watch {turn}");
            await shell.UntilAsync(changed);
        }

        // Events are printed by a thread of their own: before the answer or behind it.
        const string removed = "type:PersistentWatchRemoved";
        if (!(await shell.RunAsync("removewatches /cli_watch")).Contains(removed, StringComparison.Ordinal))
            await shell.UntilAsync(removed);
        await other.RunAsync("set /cli_watch unseen");
        Assert.DoesNotContain(changed, await shell.RunAsync("sync /cli_watch") + await shell.RunAsync("ls /cli_watch"));
        Assert.Contains("No such watcher", await shell.RunAsync("removewatches /cli_watch"));
        await shell.RunAsync("addWatch -m PERSISTENT_RECURSIVE /cli_watch");
        await other.RunAsync("create /cli_watch/deep");
        await shell.UntilAsync("type:NodeCreated path:/cli_watch/deep");
        await other.RunAsync("create /cli_watch/deep/deeper");
        await shell.UntilAsync("type:NodeCreated path:/cli_watch/deep/deeper");
        await other.RunAsync("deleteall /cli_watch");
        await shell.UntilAsync("type:NodeDeleted path:/cli_watch");
    }

    [Fact]
    public async Task Counts_and_quotas()
    {
        using var shell = await ConnectAsync();
        await shell.RunAsync("create /cli_quota");
        await shell.RunAsync("create -e /cli_quota/e");
        await shell.RunAsync("create -c /cli_quota/c");
        await shell.RunAsync("create -t 3600000 /cli_quota/t four");
        Assert.EndsWith("[/cli_quota/e]", (await shell.RunAsync("getEphemerals /cli_quota")).TrimEnd());
        Assert.EndsWith("3", (await shell.RunAsync("getAllChildrenNumber /cli_quota")).TrimEnd());
        Assert.Contains("quota for /cli_quota does not exist", await shell.RunAsync("listquota /cli_quota"));
        await shell.RunAsync("setquota -n 10 /cli_quota");
        await shell.RunAsync("setquota -B 100 /cli_quota");
        var quota = await shell.RunAsync("listquota /cli_quota");
        Assert.Contains("Output quota for /cli_quota count=10,bytes=-1=;byteHardLimit=100;countHardLimit=-1", quota);
        Assert.Contains("Output stat for /cli_quota count=4,bytes=4", quota);
        await shell.RunAsync("delete /cli_quota/t");
        Assert.Contains("Output stat for /cli_quota count=3,bytes=0", await shell.RunAsync("listquota /cli_quota"));
        await shell.RunAsync("delquota /cli_quota");
        Assert.Contains("quota for /cli_quota does not exist", await shell.RunAsync("listquota /cli_quota"));
    }

    [Fact]
    public async Task The_configuration()
    {
        using var shell = await ConnectAsync();
        var config = await shell.RunAsync("config");
        Assert.Contains("version=", config);
        for (var node = 1; node <= InteropCluster.Nodes; node++)
            Assert.Contains($"server.{node}=127.0.0.1:", config);

        // zookeeper-ensemble.sh names no client ports in its configuration.
        var addresses = await shell.RunAsync("config -c");
        if (cluster.IsCoord)
            Assert.All(InteropCluster.Ports, port => Assert.Contains($"127.0.0.1:{port}", addresses));
    }

    private static async Task<ZkCli> ConnectAsync()
    {
        DebianPackages.Require(ZkCli.IsInstalled, "libzookeeper-java default-jre-headless");
        return await ZkCli.ConnectAsync();
    }
}
