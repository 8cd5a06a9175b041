namespace Coord.Client.Tests;

/// <summary>An Apache ZooKeeper server with certificates; TLS has a port of its own.</summary>
public sealed class ZooKeeperTlsFixture : TlsFixture
{
    private readonly int securePort = FreePorts.First(1);

    protected override string? Missing =>
        !File.Exists("/usr/share/java/zookeeper.jar")
            ? "Apache ZooKeeper is not installed: sudo apt-get install -y --no-install-recommends zookeeper"
            : !File.Exists("/usr/share/java/netty-all.jar") ? "libnetty-java is not installed" : null;

    protected override string Launcher => Path.Combine(RepositoryRoot, "tests", "tools", "zookeeper-ensemble.sh");

    protected override string SecureHost
    {
        get
        {
            // Skips the test where there is no server.
            Assert.NotNull(ConnectionString);
            return $"127.0.0.1:{securePort}";
        }
    }

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["ZK_CONFIG"] = string.Join('\n',
            "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
            $"secureClientPort={securePort}",
            "secureClientPortAddress=127.0.0.1",
            "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
            $"ssl.keyStore.location={PathOf("server-store.pem")}",
            $"ssl.trustStore.location={PathOf("authority.pem")}"),
        ["ZK_HEAP"] = "256m",
    };
}
