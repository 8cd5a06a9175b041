using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>One zkCli says everything that it can, and its node may be killed in between.</summary>
[Collection(InteropCollection.Name)]
public sealed class ZkCliEveryCommandTests(InteropCluster cluster)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("/cli_all", false)]
    [InlineData("/cli_all_killed", true)]
    public async Task Every_command(string root, bool isKilled)
    {
        DebianPackages.Require(ZkCli.IsInstalled, "libzookeeper-java default-jre-headless");
        using var shell = await ZkCli.ConnectAsync();
        var help = await shell.RunAsync("help");
        await PrepareAsync(shell, root);
        if (isKilled)
            await KillNodeOfAsync(shell);
        try
        {
            await ReadAsync(shell, root);
            await WatchAsync(shell, root);
            await CountAsync(shell, root);
            await AskAboutTheShellAsync(shell);
            await LeaveAsync(shell, root);
        }
        finally
        {
            cluster.Heal();
        }

        Assert.Empty(CommandsIn(help).Except(_said));
    }

    // Each command is a line of its own that begins with a blank; options follow.
    private static string[] CommandsIn(string help)
    {
        var commands = help.Split('\n').Where(line => line.StartsWith('\t')).Select(line => line.Trim().Split(' ')[0])
            .ToArray();
        Assert.Contains("getAllChildrenNumber", commands);
        return commands;
    }

    private async Task PrepareAsync(ZkCli shell, string root)
    {
        Assert.Contains($"Created {root}", await SayAsync(shell, $"create {root} one"));
        Assert.Contains($"Created {root}/child", await SayAsync(shell, $"create {root}/child"));
        await SayAsync(shell, "addauth digest me:secret");
        Assert.Contains("aclVersion = 1", await SayAsync(shell, $"setAcl -s {root} auth::cdrwa"));
        await SayAsync(shell, $"addWatch -m PERSISTENT {root}");
        await SayAsync(shell, $"setquota -n 10 {root}");
    }

    private async Task KillNodeOfAsync(ZkCli shell)
    {
        cluster.Obey($"kill {ConnectedPort.Of(shell.ProcessId)}");
        await shell.UntilAsync("state:SyncConnected");
    }

    private async Task ReadAsync(ZkCli shell, string root)
    {
        await SayAsync(shell, $"sync {root}");
        Assert.Contains("one", await SayAsync(shell, $"get {root}"));
        Assert.Contains("'digest,'me:", await SayAsync(shell, $"getAcl {root}"));
        Assert.Contains("aclVersion = 1", await SayAsync(shell, $"stat {root}"));
        Assert.Contains("[child]", await SayAsync(shell, $"ls {root}"));
        Assert.Contains("digest: me", await SayAsync(shell, "whoami"));
        Assert.Contains("server.1=127.0.0.1:", await SayAsync(shell, "config"));
    }

    private async Task WatchAsync(ZkCli shell, string root)
    {
        await SayUntilAsync(shell, $"set {root} two", $"type:NodeDataChanged path:{root}");
        await SayAsync(shell, $"removewatches {root}");
        Assert.Contains("No such watcher", await SayAsync(shell, $"removewatches {root}"));
    }

    private async Task CountAsync(ZkCli shell, string root)
    {
        await SayAsync(shell, $"create -e {root}/e");
        Assert.Contains($"[{root}/e]", await SayAsync(shell, $"getEphemerals {root}"));
        Assert.EndsWith("2", (await SayAsync(shell, $"getAllChildrenNumber {root}")).TrimEnd());
        Assert.Contains("count=10", await SayAsync(shell, $"listquota {root}"));
        await SayAsync(shell, $"delquota {root}");
        Assert.Contains("does not exist", await SayAsync(shell, $"listquota {root}"));
        Assert.Matches(
            "Insufficient permission|Authentication is not valid|Reconfig is disabled|NoAuth",
            await SayAsync(shell, "reconfig -remove 9"));
    }

    private async Task AskAboutTheShellAsync(ZkCli shell)
    {
        Assert.Contains("3.", await SayAsync(shell, "version"));
        var history = await SayAsync(shell, "history");
        var number = history.Split('\n').Single(line => line.EndsWith(" - version", StringComparison.Ordinal))
            .Split(' ')[0];
        Assert.Contains("3.", await SayAsync(shell, $"redo {number}"));
        _said.Add("printwatches"); // Behind each of the others.
    }

    private async Task LeaveAsync(ZkCli shell, string root)
    {
        await SayAsync(shell, $"delete {root}/child");
        await SayAsync(shell, "close");
        await SayUntilAsync(shell, $"connect {InteropCluster.Hosts}", "state:SyncConnected");
        Assert.Contains("Insufficient permission", await SayAsync(shell, $"get {root}"));
        await SayAsync(shell, "addauth digest me:secret");
        Assert.Contains("[]", await SayAsync(shell, $"ls {root}"));
        await SayAsync(shell, $"deleteall {root}");
        Assert.Contains("does not exist", await SayAsync(shell, $"get {root}"));
        _said.Add("quit");
        await shell.QuitAsync();
    }

    /// <summary>What follows from a command is printed before its end or behind it.</summary>
    private async Task SayUntilAsync(ZkCli shell, string command, string printed)
    {
        if (!(await SayAsync(shell, command)).Contains(printed, StringComparison.Ordinal))
            await shell.UntilAsync(printed);
    }

    private Task<string> SayAsync(ZkCli shell, string command)
    {
        _said.Add(command.Split(' ')[0]);
        return shell.RunAsync(command);
    }
}
