using System.Diagnostics;

namespace Coord.Node.Tests.Processes;

/// <summary>Other people's clients by TLS, unchanged: kazoo, zkCli on ZooKeeper's Java client, and openssl.</summary>
public sealed class TlsClientsTests
{
    private const string Python = "/usr/bin/python3"; // Debian's own: it has Debian's packages.
    private const string Java = "/usr/bin/java";

    private static readonly string[] Jars =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-nop", "commons-cli", "commons-io", "snappy-java",
        "metrics-core", "jackson-core", "jackson-databind", "jackson-annotations", "netty-buffer", "netty-codec",
        "netty-common", "netty-handler", "netty-resolver", "netty-transport", "netty-transport-native-epoll",
        "netty-transport-native-unix-common",
    ];

    [Fact]
    public void Kazoo_works_by_TLS()
    {
        Require(Python, "-c", "import kazoo");
        using var server = new TlsNode();
        WriteClientTo(server);
        const string Script =
            """
            import sys
            from kazoo.client import KazooClient
            from kazoo.security import make_acl
            client = KazooClient(hosts=sys.argv[1], use_ssl=True, verify_certs=True, ca=sys.argv[2],
                                 certfile=sys.argv[3], keyfile=sys.argv[4])
            client.start(timeout=20)
            client.create("/kazoo", b"x" * 100000, acl=[make_acl("x509", "CN=kazoo", all=True)])
            print(len(client.get("/kazoo")[0]), sorted(client.get_children("/")))
            client.stop()
            """;
        var output = Run(
            Python, "-c", Script, $"localhost:{server.Ports.Secure.Port}", server.PathOf("authority.pem"),
            server.PathOf("client.pem"), server.PathOf("client-key.pem"));
        Assert.Equal("100000 ['kazoo', 'zookeeper']\n", output);
        using var other = new RawClient(server.Ports.Secure, server.As("CN=other")).Handshake();
        Assert.Equal(-102, other.Request(1, 4, [.. RawClient.Text("/kazoo"), 0]));
    }

    /// <summary>Java names the subject itself: it must be the name that this node knows it by.</summary>
    [Fact]
    public void ZkCli_works_by_TLS()
    {
        if (!File.Exists("/usr/share/java/zookeeper.jar") || !File.Exists("/usr/share/java/netty-handler.jar"))
            Assert.Skip("needs zookeeper, libzookeeper-java and libnetty-java");
        using var server = new TlsNode("--zookeeper:client.portUnification=true");
        WriteClientTo(server);
        foreach (var port in new[] { server.Ports.Secure.Port, server.Ports.Client.Port })
        {
            var output = Run(
                "/bin/bash", "-c", "exec \"$@\" 2>&1", "zkCli", Java, "-Xmx128m",
                "-cp", string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar").Where(File.Exists)),
                "-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty",
                "-Dzookeeper.client.secure=true",
                $"-Dzookeeper.ssl.keyStore.location={server.PathOf("client-store.pem")}",
                $"-Dzookeeper.ssl.trustStore.location={server.PathOf("authority.pem")}",
                "org.apache.zookeeper.ZooKeeperMain", "-server", $"localhost:{port}", "whoami");
            Assert.Contains("x509: CN=kazoo", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void Openssl_asks_a_word_and_hears_the_end(string version)
    {
        using var server = new TlsNode("--zookeeper:ssl.clientAuth=none");
        var output = Run(
            "/bin/bash", "-c",
            $"printf ruok | openssl s_client -connect {server.Ports.Secure} {version} -CAfile "
            + $"{server.PathOf("authority.pem")} -verify_return_error -quiet -ign_eof 2>/dev/null");
        Assert.Equal("imok", output);
    }

    private static void WriteClientTo(TlsNode server)
    {
        server.WriteClient("kazoo");
        File.WriteAllText(
            server.PathOf("client-store.pem"),
            File.ReadAllText(server.PathOf("client-key.pem")) + '\n' + File.ReadAllText(server.PathOf("client.pem")));
    }

    private static void Require(string program, params string[] arguments)
    {
        var isThere = File.Exists(program);
        if (isThere)
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            isThere = process.ExitCode == 0;
        }

        Assert.SkipUnless(isThere, "needs python3-kazoo");
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(NodeProcess.Patience))
            process.Kill(entireProcessTree: true); // Its output ends with the last process that can write to it.
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {process.ExitCode}: {output.Result}{error.Result}");
        return output.Result;
    }
}
