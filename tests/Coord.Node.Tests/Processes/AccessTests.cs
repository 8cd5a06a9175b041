using System.Text;

namespace Coord.Node.Tests.Processes;

/// <summary>What clients that may not see a znode are told at a client port (zookeeper-protocol 2.3, 8).</summary>
public sealed class AccessTests
{
    private const int GetAcl = 6;
    private const int SetAcl = 7;
    private const int MultiRead = 22;
    private const int Auth = 100;
    private const int GetEphemerals = 103;
    private const int NoAuth = -102;
    private const int BehindHeader = 16;
    private const int All = 31;

    // base64(sha1("u:p")): what clients compute for the ACLs that they write.
    private const string UserId = "u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=";

    [Fact]
    public void A_stranger_reads_nothing_and_the_owner_everything()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var owner = new RawClient(ports.Client).Handshake();
        using var stranger = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, owner.Request(1, Auth, Digest("u:p")));
        Assert.Equal(0, owner.Create(2, "/a"));
        Assert.Equal(0, owner.Request(3, SetAcl, [.. RawClient.Text("/a"), .. Acl("auth", ""), .. RawClient.I32(0)]));

        foreach (var read in new[] { 3, 4, 8, 12 })
        {
            Assert.Equal(NoAuth, stranger.Request(read, read, [.. RawClient.Text("/a"), 1]));
            Assert.Equal(0, owner.Request(read, read, [.. RawClient.Text("/a"), 1]));
        }

        Assert.Equal(NoAuth, stranger.Request(20, GetAcl, RawClient.Text("/a")));
        Assert.Equal(Acl("digest", UserId), Body(owner, GetAcl, RawClient.Text("/a"))[..Acl("digest", UserId).Length]);
        Assert.Equal(-5, owner.Request(21, SetAcl, RawClient.Text("/a")));
    }

    [Fact]
    public void Several_reads_in_one_request_succeed_and_fail_each_by_itself()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/a", dataBytes: 1));
        Assert.Equal(0, client.Create(2, "/a/b"));
        Assert.Equal(0, client.Create(3, "/closed"));
        byte[] close = [.. RawClient.Text("/closed"), .. Acl("digest", UserId), .. RawClient.I32(0)];
        Assert.Equal(0, client.Request(4, SetAcl, close));

        var body = Body(client, MultiRead, [
            .. Part(4, "/a"), .. Part(8, "/a"), .. Part(4, "/missing"), .. Part(8, "/closed"), .. End,
        ]);
        byte[] data = [.. Header(4, 0), .. RawClient.I32(1), 0];
        Assert.Equal(data, body[..data.Length]);
        byte[] rest =
        [
            .. Header(8, 0), .. RawClient.I32(1), .. RawClient.Text("b"), .. Header(-1, -101), .. RawClient.I32(-101),
            .. Header(-1, NoAuth), .. RawClient.I32(NoAuth), .. End,
        ];
        Assert.Equal(rest, body[(data.Length + 68)..]);
        Assert.Equal(-5, client.Request(5, MultiRead, [.. Part(3, "/a"), .. End]));
        Assert.Equal(-5, client.Request(6, MultiRead, Part(4, "/a")));
        Assert.Equal(End, Body(client, MultiRead, End));
    }

    [Fact]
    public void A_session_sees_its_own_ephemerals()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        using var other = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/mine", flags: 1));
        Assert.Equal(0, other.Create(1, "/other", flags: 1));
        byte[] expected = [.. RawClient.I32(1), .. RawClient.Text("/mine")];
        Assert.Equal(expected, Body(client, GetEphemerals, RawClient.Text("/")));
        Assert.Equal(expected, Body(client, GetEphemerals, RawClient.I32(-1)));
        Assert.Equal(RawClient.I32(0), Body(client, GetEphemerals, RawClient.Text("/other")));
    }

    [Theory]
    [InlineData("yes", 0)]
    [InlineData("no", NoAuth)]
    public void Acls_can_be_kept_without_being_looked_at(string setting, int expected)
    {
        using var node = NodeProcess.Dev(out var ports, $"--zookeeper:skipACL={setting}");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/a"));
        Assert.Equal(
            0, client.Request(2, SetAcl, [.. RawClient.Text("/a"), .. Acl("digest", UserId), .. RawClient.I32(0)]));
        Assert.Equal(expected, client.Request(3, 4, [.. RawClient.Text("/a"), 0]));
        Assert.Equal(expected, client.Create(4, "/a/b"));
    }

    private static byte[] End => [.. RawClient.I32(-1), 1, .. RawClient.I32(-1)];

    private static byte[] Header(int type, int error) => [.. RawClient.I32(type), 0, .. RawClient.I32(error)];

    private static byte[] Part(int type, string path) => [.. Header(type, -1), .. RawClient.Text(path), 1];

    private static byte[] Acl(string scheme, string id) =>
        [.. RawClient.I32(1), .. RawClient.I32(All), .. RawClient.Text(scheme), .. RawClient.Text(id)];

    private static byte[] Digest(string userAndPassword) =>
    [
        .. RawClient.I32(0), .. RawClient.Text("digest"), .. RawClient.I32(userAndPassword.Length),
        .. Encoding.UTF8.GetBytes(userAndPassword),
    ];

    private static byte[] Body(RawClient client, int type, byte[] record)
    {
        client.SendFrame([.. RawClient.I32(77), .. RawClient.I32(type), .. record]);
        var reply = client.ReceiveFrame();
        Assert.Equal(RawClient.I32(0), reply[12..BehindHeader]);
        return reply[BehindHeader..];
    }
}
