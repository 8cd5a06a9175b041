namespace Coord.Client.Tests;

/// <summary>Apache ZooKeeper from the Debian package.</summary>
public sealed class ZooKeeperFixture : ClusterFixture
{
    protected override string? Missing => File.Exists("/usr/share/java/zookeeper.jar")
        ? null
        : "Apache ZooKeeper is not installed: sudo apt-get install -y --no-install-recommends zookeeper";

    protected override string Launcher => Path.Combine(RepositoryRoot, "tests", "tools", "zookeeper-ensemble.sh");
}
