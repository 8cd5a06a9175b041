namespace Coord.Client.Tests;

/// <summary>Coord itself, as <c>deploy/local-cluster.sh</c> starts it.</summary>
public sealed class CoordFixture : ClusterFixture
{
    protected override string? Missing => File.Exists(Launcher) ? null : "deploy/local-cluster.sh is missing";

    protected override string Launcher => Path.Combine(RepositoryRoot, "deploy", "local-cluster.sh");
}
