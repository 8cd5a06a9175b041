using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>The Go client (Debian package golang-github-samuel-go-zookeeper-dev), unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class GoClientTests(InteropCluster cluster, GoProgram program) : IClassFixture<GoProgram>
{
    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    [InlineData("lock")]
    [InlineData("watches")]
    [InlineData("auth")]
    public Task Scenario(string name) => PlayAsync(name);

    [Theory]
    [InlineData("lock")]
    [InlineData("watches")]
    [InlineData("auth")]
    public Task Scenario_while_its_node_is_killed(string name) => PlayAsync(name, "killed");

    private async Task PlayAsync(string name, params string[] options)
    {
        DebianPackages.Require(GoProgram.IsInstalled, "golang-go golang-github-samuel-go-zookeeper-dev");
        var root = $"/go_{string.Join('_', [name, .. options])}";
        using var client = new ClientProcess(
            program.In(InteropCluster.Scripts), [InteropCluster.Hosts, name, root, .. options]);
        await Scenarios.PlayAsync(cluster, client);
    }
}
