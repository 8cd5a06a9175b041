using System.Net.Sockets;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Hosting;

public class NodeAddressTests
{
    /// <summary>A member's address may come from a peer, and whoever cannot find it must live on.</summary>
    [Fact]
    public void What_can_be_no_name_is_a_host_that_is_not_there()
    {
        var address = new NodeAddress(new string('a', 255), 2281);
        Assert.Equal(SocketError.HostNotFound, Assert.Throws<SocketException>(address.Resolve).SocketErrorCode);
    }
}
