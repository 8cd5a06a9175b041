namespace Coord.Client.Tests;

/// <summary>A Coord node with certificates.</summary>
public sealed class CoordTlsFixture : TlsFixture
{
    protected override string? Missing => File.Exists(Launcher) ? null : "deploy/local-cluster.sh is missing";

    protected override string Launcher => Path.Combine(RepositoryRoot, "deploy", "local-cluster.sh");

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["COORD__clientTls__certificate"] = PathOf("server.pem"),
        ["COORD__clientTls__key"] = PathOf("server-key.pem"),
        ["COORD__clientTls__authority"] = PathOf("authority.pem"),
        ["COORD__zookeeper__client.portUnification"] = "true",
    };
}
