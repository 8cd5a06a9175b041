namespace Coord.Node.Tests.Processes;

/// <summary>An operator who wants changes of membership through the admin port alone (zookeeper-protocol 11).</summary>
public sealed class ReconfigDisabledTests
{
    private const int Reconfig = 16;

    [Theory]
    [InlineData("false", -123)]
    [InlineData("true", -6)] // A cluster of one that never changed has no configuration: as ZooKeeper alone.
    public void Reconfig_is_refused_where_the_setting_says_so(string setting, int error)
    {
        using var node = NodeProcess.Dev(out var ports, $"--zookeeper:reconfigEnabled={setting}");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(error, client.Request(
            1, Reconfig, [.. RawClient.Text(""), .. RawClient.Text("2"), .. RawClient.Text(""), .. RawClient.I64(-1)]));
        Assert.Equal(0, client.Create(2, "/goes-on"));
    }
}
