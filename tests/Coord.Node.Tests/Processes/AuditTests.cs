using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Coord.Node.Tests.Processes;

/// <summary>The audit log tells who did what, in ZooKeeper's words, and never a password.</summary>
public sealed partial class AuditTests
{
    private const int AuthFailed = -115;
    private const int InvalidAcl = -114;

    [Fact]
    public void Sessions_refusals_and_changes_of_who_may_do_what_are_told()
    {
        using var node = NodeProcess.Dev(out var ports, "--zookeeper:audit.enable=true");
        using var client = new RawClient(ports.Client).Handshake();
        client.Auth(1, "digest", "jane:p4ssw0rd");
        Assert.Equal(0, client.Create(2, "/a"));
        Assert.Equal(0, client.Request(3, 7, SetAcl("/a", "digest", "jane:aGFzaA==")));
        Assert.Equal(InvalidAcl, client.Request(4, 7, SetAcl("/a", "DIGEST", "jane:p4ssw0rd")));
        Assert.Equal(0, client.Create(10, "/b"));
        Assert.Equal(0, client.Request(11, 7, SetAcl("/b", "auth", "jane:p4ssw0rd")));
        Assert.Equal(0, client.Create(5, "/zookeeper/quota/a"));
        Assert.Equal(0, client.Create(6, "/zookeeper/quota\u00e9"));
        Assert.NotEqual(0, client.Request(7, 16, [
            .. RawClient.Text("nonsense"), .. RawClient.Text(""), .. RawClient.Text(""), .. RawClient.I64(-1)]));
        using var moved = new RawClient(ports.Client).Handshake(session: client.Session);
        Assert.Equal((0L, AuthFailed), moved.Auth(8, "world", "anyone"));
        using var last = new RawClient(ports.Client).Handshake(session: client.Session);
        Assert.Equal(0, last.Request(9, -11));
        node.WaitFor("operation=closeSession");

        Assert.Equal(
            [
                "user=127.0.0.1 ip=127.0.0.1 operation=connect result=success",
                "user=127.0.0.1,jane ip=127.0.0.1 operation=setAcl znode=/a acl=digest:jane:r result=success",
                "user=127.0.0.1,jane ip=127.0.0.1 operation=setAcl znode=/a acl=DIGEST::r result=failure",
                "user=127.0.0.1,jane ip=127.0.0.1 operation=setAcl znode=/b acl=auth::r result=success",
                "user=127.0.0.1,jane ip=127.0.0.1 operation=create znode=/zookeeper/quota/a result=success",
                "user=127.0.0.1,jane ip=127.0.0.1 operation=reconfig result=failure",
                "user=127.0.0.1 ip=127.0.0.1 operation=reattach result=success",
                "user=127.0.0.1 ip=127.0.0.1 operation=authenticate result=failure",
                "user=127.0.0.1 ip=127.0.0.1 operation=reattach result=success",
                "user=127.0.0.1 ip=127.0.0.1 operation=closeSession result=success",
            ],
            Lines(node));
        Assert.DoesNotContain("p4ssw0rd", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("aGFzaA", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_runs_out_behind_its_connection_is_told_with_who_it_was()
    {
        using var node = NodeProcess.Dev(out var ports, "--zookeeper:audit.enable=true");
        using (var client = new RawClient(ports.Client).Handshake(timeoutMs: 4_000))
            client.Auth(1, "digest", "jane:p4ssw0rd");
        node.WaitFor("operation=expireSession");
        Assert.Equal("user=127.0.0.1,jane ip=127.0.0.1 operation=expireSession result=success", Lines(node)[^1]);
    }

    /// <summary>Standard output is where the log goes: often a file, on the disk that the node's data fills.</summary>
    [Fact]
    public void A_log_that_cannot_be_written_does_not_stop_a_node()
    {
        var ports = NodePair.Free();
        var temporary = Directory.CreateTempSubdirectory("coord-node-");
        using var process = Process.Start(new ProcessStartInfo(
            "sh",
            [
                "-c", "exec \"$@\" >/dev/full 2>/dev/full", "sh", .. NodeProcess.Command, "--dev",
                $"--nodes:0:client={ports.Client}", $"--nodes:0:admin={ports.Admin}", "--zookeeper:audit.enable=true",
            ])
        {
            Environment = { ["TMPDIR"] = temporary.FullName },
        })!;
        try
        {
            LaunchedCluster.Until("it serves", () => !process.HasExited && IsServing(ports));
            for (var round = 0; round < 20; round++)
            {
                using var client = new RawClient(ports.Client).Handshake();
                Assert.Equal(0, client.Create(1, $"/zookeeper/quota/{round}"));
                Assert.Equal(0, client.Request(2, -11));
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            temporary.Delete(recursive: true);
        }
    }

    private static bool IsServing(NodePair ports)
    {
        try
        {
            return RawClient.Ask(ports.Client, "srvr").Contains("Mode: standalone", StringComparison.Ordinal);
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    [Fact]
    public void Nothing_is_told_unless_it_is_asked_for()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Request(1, -11));
        node.Signal("TERM");
        Assert.Equal(0, node.WaitForExit());
        Assert.Empty(Lines(node));
    }

    /// <summary>A name with a line break would be a line of its own.</summary>
    [Fact]
    public void Names_that_clients_choose_cannot_forge_a_line()
    {
        using var node = NodeProcess.Dev(out var ports, "--zookeeper:audit.enable=true");
        using var client = new RawClient(ports.Client).Handshake();
        client.Auth(1, "digest", "x\n12:00:00.000 audit: session=0x1\tuser=super:p");
        Assert.Equal(0, client.Request(2, -11));
        node.WaitFor("operation=closeSession");
        Assert.Equal(
            "user=127.0.0.1,x?12 ip=127.0.0.1 operation=closeSession result=success", Lines(node)[^1]);
    }

    private static byte[] SetAcl(string path, string scheme, string id) =>
    [
        .. RawClient.Text(path), .. RawClient.I32(1), .. RawClient.I32(1), .. RawClient.Text(scheme),
        .. RawClient.Text(id), .. RawClient.I32(-1),
    ];

    private static string[] Lines(NodeProcess node) =>
        [.. AuditLine.Matches(node.Output).Select(line =>
            line.Groups[1].Value.Replace('\t', ' '))];

    [GeneratedRegex(@"audit: session=0x[0-9a-f]+\t(.*)")]
    private static partial Regex AuditLine { get; }
}
