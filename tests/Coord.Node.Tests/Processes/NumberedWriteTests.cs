using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// A client that lost a reply together with its node (raft-design I10; docs/internals/extensions.md).
/// </summary>
public sealed class NumberedWriteTests
{
    private const int Once = 1001;
    private const int Create = 1;
    private const int Check = 13;
    private const int CloseSession = -11;
    private const int Sequential = 2;
    private const int BehindXid = sizeof(int);

    [Fact]
    public void A_write_sent_again_at_another_node_gets_the_first_reply_and_has_no_second_effect()
    {
        using var cluster = new LaunchedCluster().Start();
        byte[] first, session;
        using (var client = new RawClient(Address(cluster, 1)).Handshake())
        {
            session = client.Session;
            client.SendFrame(Ticket(xid: 1));
            first = client.ReceiveFrame();
            cluster.Do("kill", "1");
        }

        cluster.UntilServing(2);
        using var later = new RawClient(Address(cluster, 2)).Handshake(session: session);
        later.SendFrame(Ticket(xid: 9));
        Assert.Equal(first[BehindXid..], later.ReceiveFrame()[BehindXid..]);
        Assert.Equal(["ticket-0000000000", "zookeeper"], later.Children(10, "/").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Numbers_that_make_no_sense_and_requests_that_are_no_writes_cost_one_request()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(-5, client.Request(1, Once));
        Assert.Equal(-5, client.Request(2, Once, [.. RawClient.I64(0), .. RawClient.I64(0), .. RawClient.I32(Create)]));
        Assert.Equal(-5, client.Request(3, Once, [.. RawClient.I64(1), .. RawClient.I64(1), .. RawClient.I32(Create)]));
        Assert.Equal(
            -5, client.Request(4, Once, [.. RawClient.I64(1), .. RawClient.I64(0), .. RawClient.I32(CloseSession)]));
        Assert.Equal(-5, client.Request(5, Once, [.. RawClient.I64(1), .. RawClient.I64(0), .. RawClient.I32(Once)]));
        Assert.Equal(
            -5,
            client.Request(6, Once, [
                .. RawClient.I64(1), .. RawClient.I64(0), .. RawClient.I32(Check),
                .. RawClient.Text("/"), .. RawClient.I32(-1),
            ]));
        Assert.Equal(0, client.Create(7, "/goes-on"));
    }

    private static NodeAddress Address(LaunchedCluster cluster, int node) =>
        new("127.0.0.1", cluster.FirstPort + node - 1);

    private static byte[] Ticket(int xid) =>
    [
        .. RawClient.I32(xid), .. RawClient.I32(Once), .. RawClient.I64(1), .. RawClient.I64(0),
        .. RawClient.I32(Create), .. RawClient.Text("/ticket-"), .. RawClient.I32(0),
        .. RawClient.I32(1), .. RawClient.I32(31), .. RawClient.Text("world"), .. RawClient.Text("anyone"),
        .. RawClient.I32(Sequential),
    ];
}
