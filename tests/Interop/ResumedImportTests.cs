using System.Diagnostics;
using Coord.Interop.Moving;
using Coord.Interop.Wire;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>
/// deploy/import-zookeeper.sh that is cancelled, killed, or overtaken by writes, and what the next run makes of it. The
/// source is a Coord node: the import sees no difference.
/// </summary>
[Collection(MovingCollection.Name)]
public sealed class ResumedImportTests
{
    private const int Znodes = 1_500;
    private const int NoNode = -101;
    private const int Different = 1;
    private const int ThereAlready = 4;
    private const int GetChildren = 8;
    private const int Cancelled = 130;

    private static string Script => Path.Combine(InteropCluster.Root, "deploy", "import-zookeeper.sh");

    [Theory]
    [InlineData("INT", Cancelled)]
    [InlineData("TERM", Cancelled)]
    [InlineData("KILL", 137)]
    public void An_import_that_ended_early_is_gone_on_with(string signal, int expected)
    {
        using var source = Source();
        using var target = LaunchedServers.Coord();
        var (code, output) = EndEarly(source, target, signal);
        Assert.True(code == expected, $"{code}: {output}");
        if (expected == Cancelled)
        {
            Assert.Contains("coordctl import: cancelled", output, StringComparison.Ordinal);
            Assert.Contains("the same command with --resume goes on from there", output, StringComparison.Ordinal);
            Import(ThereAlready, "--resume goes on from there", source.Host, "--to", target.Host);
        }

        using var moved = Patient(target);
        UntilNobodyHoldsSweeps(moved);
        output = Import(0, "were there already", source.Host, "--to", target.Host, "--resume");
        Assert.Contains("both trees are equal", output, StringComparison.Ordinal);
        Assert.DoesNotContain("; 0 were there already", output, StringComparison.Ordinal);
        Assert.DoesNotContain($"copied {Znodes:N0} znodes", output, StringComparison.Ordinal);
        Assert.Equal(NoNode, moved.Call(ReadRequest(2, Exists, "/zookeeper/sweep-hold")).Error);

        // Nothing is left to do, and that is no error.
        Import(0, "copied 0 znodes", source.Host, "--to", target.Host, "--resume");
    }

    [Fact]
    public void What_is_not_a_beginning_of_the_source_is_left_alone()
    {
        using var source = Source(znodes: 3);
        using var target = LaunchedServers.Coord();
        using var writing = Patient(source);
        using var moved = Patient(target);
        Assert.Equal(0, moved.Call(ZooKeeperFrames.Plain(1, "/n0", "0")).Error);
        Assert.Equal(0, moved.Call(ZooKeeperFrames.Plain(2, "/alien", "")).Error);
        Import(ThereAlready, "/alien is not in the source", source.Host, "--to", target.Host, "--resume");
        Assert.Equal(0, moved.Call(DeleteRequest(3, "/alien")).Error);

        Assert.Equal(0, writing.Call(ZooKeeperFrames.Short(10, "/alien")).Error);
        Assert.Equal(0, moved.Call(ZooKeeperFrames.Plain(4, "/alien", "")).Error);
        Import(ThereAlready, "/alien is not in the source", source.Host, "--to", target.Host, "--resume");
        Assert.Equal(0, moved.Call(DeleteRequest(5, "/alien")).Error);

        Assert.Equal(0, moved.Call(Set(6, "/n0", "other")).Error);
        Import(ThereAlready, "/n0 has other data there", source.Host, "--to", target.Host, "--resume");
        Assert.Equal(0, moved.Call(Set(7, "/n0", "0")).Error);

        Assert.Equal(0, moved.Call(ZooKeeperFrames.Plain(8, "/n0/below", "")).Error);
        Assert.Equal(0, moved.Call(DeleteRequest(9, "/n0/below")).Error);
        Import(ThereAlready, "/n0 had fewer children there", source.Host, "--to", target.Host, "--resume");
        Assert.Equal(NoNode, moved.Call(ReadRequest(10, Exists, "/n1")).Error);
    }

    [Fact]
    public void Two_imports_do_not_run_into_one_cluster()
    {
        using var source = Source(znodes: 3);
        using var target = LaunchedServers.Coord();
        using var other = Patient(target);
        Assert.Equal(0, other.Call(ZooKeeperFrames.Short(1, "/zookeeper/sweep-hold")).Error);
        Import(ThereAlready, "another import is under way", source.Host, "--to", target.Host);
        Assert.Equal(NoNode, other.Call(ReadRequest(2, Exists, "/n0")).Error);
    }

    /// <summary>The first znodes are copied, and then others of them change: the comparison finds each.</summary>
    [Fact]
    public void What_changes_in_the_source_meanwhile_is_told_as_that()
    {
        using var source = Source();
        using var target = LaunchedServers.Coord();
        using var import = Begin(source, target, out var log);
        var first = FirstOf(target, import);
        using (var writing = RawConnection.Greet(source.Port, out _))
        {
            Assert.Equal(0, writing.Call(Set(1, first, "changed")).Error);
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Plain(2, first + "/new", "")).Error);
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Plain(3, "/late", "")).Error);
        }

        import.WaitForExit();
        var output = TakeLog(log);
        Assert.True(import.ExitCode == Different, $"{import.ExitCode}: {output}");
        Assert.All(
            [$"{first} has other data", $"{first}/new is missing in the target", "/late is missing in the target"],
            difference => Assert.Contains(
                $"{difference} (changed in the source meanwhile)", output, StringComparison.Ordinal));
    }

    /// <summary>A cluster of Coord is moved as one of ZooKeeper is, its snapshot as the admin port sends it.</summary>
    [Fact]
    public async Task A_tree_of_Coord_is_moved_with_the_kinds_that_its_snapshot_shows()
    {
        using var source = LaunchedServers.Coord();
        using (var writing = RawConnection.Greet(source.Port, out _))
        {
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Box(1, "/box")).Error);
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Plain(2, "/box/in", "")).Error);
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Timed(3, "/timed", 5_000)).Error);
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Plain(4, "/timed/in", "")).Error);
        }

        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(
            file, await source.SendSnapshotAsync(), TestContext.Current.CancellationToken);
        using var target = LaunchedServers.Coord();
        Import(
            0, "the snapshot shows 2 containers and znodes with a time to live", source.Host, "--to", target.Host,
            "--snapshot", file);
        Import(
            0, "znodes are there already and keep their kind", source.Host, "--to", target.Host, "--resume",
            "--snapshot", file);
        File.Delete(file);

        // They are what they were: each goes with its last child.
        using var moved = RawConnection.Greet(target.Port, out _);
        foreach (var path in new[] { "/box", "/timed" })
        {
            Assert.Equal(0, moved.Call(ReadRequest(5, Exists, path, watch: true)).Error);
            Assert.Equal(0, moved.Call(DeleteRequest(6, path + "/in")).Error);
            Assert.Equal(EventXid, moved.ReceiveReply()!.Xid);
        }
    }

    private LaunchedServers Source(int znodes = Znodes)
    {
        var source = LaunchedServers.Coord();
        using var writing = RawConnection.Greet(source.Port, out _);
        for (var i = 0; i < znodes; i++)
            Assert.Equal(0, writing.Call(ZooKeeperFrames.Plain(i + 1, $"/n{i}", $"{i}")).Error);
        return source;
    }

    /// <summary>A session that outlives a few imports without a word.</summary>
    private static RawConnection Patient(LaunchedServers server)
    {
        var connection = new RawConnection(server.Port);
        Assert.False(connection.Greet(
            Connect(lastZxid: 0, timeoutMs: 40_000, sessionId: 0, new byte[PasswordBytes]))!.IsRefused);
        return connection;
    }

    private static byte[] Set(int xid, string path, string data) =>
        SetDataRequest(xid, path, System.Text.Encoding.UTF8.GetBytes(data), version: -1);

    private (int Code, string Output) EndEarly(LaunchedServers source, LaunchedServers target, string signal)
    {
        using var import = Begin(source, target, out var log);
        FirstOf(target, import);
        using (var kill = Process.Start("kill", [$"-{signal}", $"{import.Id}"]))
            kill.WaitForExit();
        import.WaitForExit();
        return (import.ExitCode, TakeLog(log));
    }

    private Process Begin(LaunchedServers source, LaunchedServers target, out string log) => LaunchedServers.Begin(
        "env", out log, "--default-signal=INT", Script, source.Host, "--to", target.Host, "--parallel", "1");

    /// <summary>Waits until something was copied; gives its path.</summary>
    private static string FirstOf(LaunchedServers target, Process import)
    {
        using var moved = RawConnection.Greet(target.Port, out _);
        var found = "";
        Assert.True(SpinWait.SpinUntil(
            () => (found = ChildOfRoot(moved)).Length > 0 || import.HasExited, TimeSpan.FromMinutes(2)));
        return found;
    }

    private static string ChildOfRoot(RawConnection connection)
    {
        var reader = new Span<byte>(connection.Call(ReadRequest(1, GetChildren, "/")).Body);
        var count = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(reader);
        reader = reader[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(reader);
            var name = System.Text.Encoding.UTF8.GetString(reader.Slice(sizeof(int), length));
            reader = reader[(sizeof(int) + length)..];
            if (name != "zookeeper")
                return "/" + name;
        }

        return "";
    }

    // A session that was killed lives on until its timeout.
    private static void UntilNobodyHoldsSweeps(RawConnection connection) => Assert.True(SpinWait.SpinUntil(
        () => connection.Call(ReadRequest(1, Exists, "/zookeeper/sweep-hold")).Error == NoNode,
        TimeSpan.FromMinutes(1)));

    private string Import(int code, string words, params string[] arguments)
    {
        var (ended, output) = LaunchedServers.Run(Script, arguments);
        Assert.True(ended == code && output.Contains(words, StringComparison.Ordinal), $"{ended}: {output}");
        return output;
    }

    private static string TakeLog(string log)
    {
        var output = File.ReadAllText(log);
        File.Delete(log);
        return output;
    }
}
