using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Coord.Interop.Admin;

/// <summary>What monitoring tools do with a node, done as they do it.</summary>
[Collection(InteropCollection.Name)]
public sealed partial class MonitoringToolsTests(InteropCluster cluster)
{
    private const string Python = "/usr/bin/python3";

    // kazoo parses the version, and reads a word's answer with one call of at most 8192 bytes.
    private const string Kazoo =
        """
        import sys
        from kazoo.client import KazooClient
        client = KazooClient(hosts=sys.argv[1])
        client.start(timeout=20)
        assert client.server_version()[:2] >= (3, 8), client.server_version()
        assert client.command(b"ruok") == "imok"
        figures = dict(line.split("\t", 1) for line in client.command(b"mntr").splitlines())
        assert figures["zk_server_state"] in ("leader", "follower"), figures
        assert "os.memory.total" in client.command(b"envi")
        client.stop()
        """;

    [Fact]
    public void Kazoo_reads_version_and_words()
    {
        DebianPackages.Require(File.Exists("/usr/lib/python3/dist-packages/kazoo/client.py"), "python3-kazoo");
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", Kazoo, InteropCluster.Hosts]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>
    /// telegraf sends the word with a newline, takes lines of "zk_", word characters, blanks and a value of word
    /// characters, dot and minus, and every value but a few as a whole or decimal number.
    /// </summary>
    [Fact]
    public void Telegraf_takes_every_figure()
    {
        Assert.SkipUnless(cluster.IsCoord, "ZooKeeper's own lines are not all of this form");
        foreach (var port in InteropCluster.Ports)
        {
            var lines = Word.Ask(port, "mntr\n").TrimEnd('\n').Split('\n');
            Assert.InRange(lines.Length, 120, 1_000);
            foreach (var line in lines.Where(line => !line.StartsWith("zk_version\t", StringComparison.Ordinal)))
            {
                var parts = Telegraf.Match(line);
                Assert.True(parts.Success, line);
                Assert.True(
                    parts.Groups[1].Value is "server_state" or "peer_state"
                    || double.TryParse(parts.Groups[2].Value, out _),
                    line);
            }
        }
    }

    [GeneratedRegex(@"^zk_(\w+)\s+([\w.\-]+)$")]
    private static partial Regex Telegraf { get; }
}
