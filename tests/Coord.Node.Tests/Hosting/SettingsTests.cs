using Coord.Node.Admin;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Hosting;

/// <summary>
/// A wrong setting stops a node with one line that names the source, the key, the value and what would be right
/// (design.md section 4).
/// </summary>
public sealed class SettingsTests : IDisposable
{
    private const string Good =
        """
        {
          "cluster": "dev",
          "nodes": [
            { "id": 1, "client": "127.0.0.1:2181", "peer": "127.0.0.1:2281", "admin": "127.0.0.1:8081" },
            { "id": 2, "client": "127.0.0.1:2182", "peer": "127.0.0.1:2282", "admin": "127.0.0.1:8082" }
          ]
        }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-settings-");

    /// <summary>What to change in the good file, the options, and the whole message.</summary>
    public static TheoryData<string, string, string, string> Wrong => new()
    {
        {
            "\"client\": \"127.0.0.1:2182\"", "\"clinet\": \"127.0.0.1:2182\"", "--node 1",
            "cluster.json: nodes[1].clinet: unknown key; known here: id, client, peer, admin, secureClient"
        },
        {
            "\"cluster\"", "\"clutser\"", "--node 1",
            "cluster.json: clutser: unknown key; known here: cluster, nodes, node, data, zookeeper, limits, "
            + "peerTls, clientTls"
        },
        {
            "\"cluster\": \"dev\"",
            "\"cluster\": \"dev\", \"zookeeper\": { \"DigestAuthenticationProvider.superDigest\": \"super:test\" }",
            "--node 1",
            "cluster.json: zookeeper.DigestAuthenticationProvider.superDigest: must be "
            + "user:base64(sha1(user:password)), as in super:lK75jTNcA+U9vtVEw5vB51mj/w4="
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\", \"zookeeper\": { \"reconfigEnabled\": \"off\" }", "--node 1",
            "cluster.json: zookeeper.reconfigEnabled = \"off\": must be true or false"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"",
            "--node 1 --zookeeper:enforce.auth.enabled=yes",
            "command line: --zookeeper:enforce.auth.enabled = \"yes\": must be true or false"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"",
            "--node 1 --zookeeper:enforce.auth.enabled=true",
            "cluster.json: zookeeper.enforce.auth.schemes is missing: "
            + "name the schemes of which a client must show one, such as digest"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"",
            "--node 1 --zookeeper:enforce.auth.schemes=digest,sasl",
            "command line: --zookeeper:enforce.auth.schemes = \"digest,sasl\": 'sasl' is none of digest, ip, x509"
        },
        {
            "\"id\": 1", "\"id\": 1, \"secureClient\": \"127.0.0.1:2281\"", "--node 1",
            "cluster.json: nodes[0].secureClient = \"127.0.0.1:2281\": the address is used twice, also by "
            + "nodes[0].peer; give every port an address of its own"
        },
        {
            "\"id\": 1", "\"id\": 1, \"secureClient\": \"127.0.0.1:2381\"", "--node 1",
            "cluster.json: nodes[0].secureClient = \"127.0.0.1:2381\": needs a certificate; name its files in clientTls"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"", "--node 1 --zookeeper:client.portUnification=true",
            "command line: --zookeeper:client.portUnification = \"true\": "
            + "needs a certificate; name its files in clientTls"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"", "--node 1 --zookeeper:ssl.clientAuth=maybe",
            "command line: --zookeeper:ssl.clientAuth = \"maybe\": must be none, want or need"
        },
        {
            "", "", "--node 1 --zookeeper:ssl.clientAuth want",
            "command line: --zookeeper:ssl.clientAuth = \"want\": asks for nothing without TLS; name its files in "
            + "clientTls"
        },
        {
            "", "", "--node 1 --zookeeper:X509AuthenticationProvider.superUser CN=a",
            "command line: --zookeeper:X509AuthenticationProvider.superUser = \"CN=a\": nobody has a certificate: name "
            + "clientTls's files, and leave ssl.clientAuth at want or need"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"", "--node 1 --clientTls:certificate=a.pem",
            "cluster.json: clientTls.key is missing: "
            + "name a PEM file; clientTls needs all of certificate, key and authority"
        },
        {
            "\"cluster\": \"dev\"", "\"cluster\": \"dev\"", "--node 1 --zookeeper:ensembleAuthName=",
            "command line: --zookeeper:ensembleAuthName = \"\": must not be empty"
        },
        {
            "\"cluster\": \"dev\"",
            "\"cluster\": \"dev\", \"zookeeper\": { \"4lw.commands.whitelist\": \"srvr, rouk\" }", "--node 1",
            "cluster.json: zookeeper.4lw.commands.whitelist = \"srvr, rouk\": rouk is no word; "
            + "known are conf, cons, crst, dirs, dump, envi, gtmk, hash, isro, mntr, ruok, srst, srvr, "
            + "stat, stmk, wchc, wchp, wchs, and * for all of them"
        },
        {
            "\"id\": 2", "\"id\": 1", "--node 1",
            "cluster.json: nodes[1].id = 1: the id is used twice, also by nodes[0].id; "
            + "give every node an id of its own"
        },
        {
            "\"id\": 2", "\"id\": \"two\"", "--node 1",
            "cluster.json: nodes[1].id = \"two\": must be a node's number, a whole number from 1 to 255"
        },
        {
            "\"id\": 2, ", "", "--node 1",
            "cluster.json: nodes[1].id is missing: every node needs a number from 1 to 255"
        },
        {
            "127.0.0.1:2282", "127.0.0.1", "--node 1",
            "cluster.json: nodes[1].peer = \"127.0.0.1\": must be host:port, such as 127.0.0.1:2181, [::1]:2181 or "
            + "node1.example:2181"
        },
        {
            "127.0.0.1:2282", "127.0.0.256:2282", "--node 1",
            "cluster.json: nodes[1].peer = \"127.0.0.256:2282\": must be host:port, such as 127.0.0.1:2181, "
            + "[::1]:2181 or node1.example:2181"
        },
        {
            "127.0.0.1:2282", "127.0.0.1:70000", "--node 1",
            "cluster.json: nodes[1].peer = \"127.0.0.1:70000\": must be host:port, such as 127.0.0.1:2181, "
            + "[::1]:2181 or node1.example:2181"
        },
        {
            "127.0.0.1:2282", "127.0.0.1:2181", "--node 1",
            "cluster.json: nodes[1].peer = \"127.0.0.1:2181\": the address is used twice, also by nodes[0].client; "
            + "give every port an address of its own"
        },
        {
            "127.0.0.1:2282", "0.0.0.0:2282", "--node 1",
            "cluster.json: nodes[1].peer = \"0.0.0.0:2282\": the other nodes dial this address; name one that they "
            + "can reach"
        },
        {
            "\"dev\"", "\"\"", "--node 1",
            "cluster.json: cluster = \"\": must be the cluster's name, 1 to 255 bytes"
        },
        {
            "\"dev\",", "\"dev\", \"cluster\": \"dev\",", "--node 1",
            "{folder}/cluster.json: A duplicate key 'cluster' was found"
        },
        {
            "\"dev\",", "\"dev\"", "--node 1",
            "{folder}/cluster.json: line 3, column 3: not valid JSON: '\"' is invalid after a value. Expected either "
            + "',', '}', or ']'"
        },
        {
            "\"dev\",", "\"dev\", \"nodes\": 5,", "--node 1",
            "cluster.json: nodes = 5: must be a list of nodes"
        },
        {
            "\"dev\",", "\"dev\", \"limits\": 5,", "--node 1",
            "cluster.json: limits = 5: must be a section"
        },
        {
            "\"dev\",", "\"dev\", \"zookeeper\": { \"tickTime\": \"2s\" },", "--node 1",
            "cluster.json: zookeeper.tickTime = \"2s\": must be milliseconds, a whole number from 100 to 600000"
        },
        {
            "\"dev\",", "\"dev\", \"zookeeper\": { \"minSessionTimeout\": 50000 },", "--node 1",
            "cluster.json: zookeeper.minSessionTimeout = 50000: the shortest session timeout (50000 ms) must not "
            + "exceed the longest (40000 ms)"
        },
        { "", "", "", "node: say with --node which node this is; listed are 1, 2" },
        { "", "", "--node 3", "command line: --node = 3: no such node in the cluster's file; listed are 1, 2" },
        {
            "", "", "--node one",
            "command line: --node = \"one\": must be this node's id, a whole number from 1 to 255"
        },
        {
            "", "", "--node 1 --limits:heartbeatTicks=40",
            "command line: --limits:heartbeatTicks = 40: an election minimum of 50 ticks needs heartbeats of at most "
            + "10 ticks, not 40"
        },
        { "", "", "--node 1 --node 1", "command line: --node is given twice" },
        { "", "", "--node", "command line: --node: its value is missing; see --help" },
        { "", "", "node", "command line: 'node': options are written --key value; see --help" },
    };

    [Fact]
    public void A_good_file_gives_the_nodes_sorted_and_this_nodes_own_addresses()
    {
        var settings = Read(Good, "--node", "2");
        Assert.Equal("dev", settings.Cluster.Name);
        Assert.Equal([1, 2], settings.Cluster.Nodes.Select(node => node.Id.Value));
        Assert.Equal("127.0.0.1:2182", settings.Self.Client.ToString());
        Assert.Equal("cluster.json: nodes[1].client = \"127.0.0.1:2182\"", settings.Ports.Client);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_told_in_one_clear_line(string good, string wrong, string options, string expected)
    {
        var file = good.Length == 0 ? Good : Good.Replace(good, wrong, StringComparison.Ordinal);
        var failure = Assert.Throws<SettingsException>(
            () => Read(file, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(expected.Replace("{folder}", folder.FullName, StringComparison.Ordinal), failure.Message);
    }

    [Fact]
    public void An_unknown_key_is_told_with_those_that_are_known_there()
    {
        var failure = Assert.Throws<SettingsException>(() => Read(Good, ["--node", "1", "--zookeeper:tickTme", "5"]));
        Assert.StartsWith(
            "command line: --zookeeper:tickTme: unknown key; known here: tickTime, minSessionTimeout, ",
            failure.Message, StringComparison.Ordinal);
        foreach (var key in LimitSetting.All.Select(setting => setting.Key).Append(SuperUser.SettingKey))
        {
            var isHere = key.StartsWith("zookeeper:", StringComparison.Ordinal);
            Assert.Equal(isHere, $"{failure.Message},".Contains($" {key.Split(':')[1]},", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var failure = Assert.Throws<SettingsException>(() => new SettingValues().AddFile("/nowhere/cluster.json"));
        Assert.Equal(
            "/nowhere/cluster.json: no such file; --config names the cluster's file (see cluster.json)",
            failure.Message);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Good.Replace(
            "\"dev\",",
            """ "dev", "zookeeper": { "tickTime": 1000, "maxCnxns": 10, "clientPortListenBacklog": 7 },""",
            StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("COORD__zookeeper__tickTime", "1500");
        Environment.SetEnvironmentVariable("COORD__zookeeper__maxCnxns", "20");
        try
        {
            var limits = Read(file, "--node=1", "--zookeeper:tickTime=1600").Limits;
            Assert.Equal(TimeSpan.FromMilliseconds(1600), limits.TickTime);
            Assert.Equal(20, limits.ClientConnectionsMax);
            Assert.Equal(7, limits.ListenBacklog);

            // ZooKeeper's rule: two and twenty ticks where nothing else is said.
            Assert.Equal(TimeSpan.FromMilliseconds(3200), limits.SessionTimeoutMin);
            Assert.Equal(TimeSpan.FromSeconds(32), limits.SessionTimeoutMax);
        }
        finally
        {
            Environment.SetEnvironmentVariable("COORD__zookeeper__tickTime", null);
            Environment.SetEnvironmentVariable("COORD__zookeeper__maxCnxns", null);
        }
    }

    [Fact]
    public void Every_default_lies_in_the_range_of_its_setting()
    {
        foreach (var setting in LimitSetting.All)
        {
            Assert.True(setting.Least < setting.Most, setting.Key);
            Assert.NotEqual(
                setting.Apply(NodeLimits.Default, setting.Least), setting.Apply(NodeLimits.Default, setting.Most));
        }
    }

    [Theory]
    [InlineData("node1:2181", "node1:2181")]
    [InlineData("[::1]:2181", "[::1]:2181")]
    [InlineData("a.b-c.example:1", "a.b-c.example:1")]
    [InlineData("10.0.0.1:65535", "10.0.0.1:65535")]
    [InlineData("10.0.1:2181", null)]
    [InlineData("::1:2181", null)]
    [InlineData(":2181", null)]
    [InlineData("host:", null)]
    [InlineData("host:0", null)]
    [InlineData("host:+1", null)]
    [InlineData("ho st:1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_address_is_a_host_and_a_port(string? text, string? expected)
    {
        Assert.Equal(expected is not null, NodeAddress.TryParse(text, out var address));
        Assert.Equal(expected, address?.ToString());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private NodeSettings Read(string file, params string[] options)
    {
        var path = Path.Combine(folder.FullName, "cluster.json");
        File.WriteAllText(path, file);
        var values = new SettingValues();
        values.AddFile(path);
        values.AddEnvironment();
        values.AddOptions(["--data", folder.FullName, .. options]);
        return SettingsReader.Read(values);
    }
}
