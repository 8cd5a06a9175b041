using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Coord.Node.Tests.Peers;

namespace Coord.Node.Tests.Processes;

/// <summary>Clients that come by TLS, and those that should not get in (zookeeper-protocol 1.1, 8.2).</summary>
public sealed class ClientTlsTests
{
    private const int NoAuth = -102;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_client_is_known_by_its_certificate(SslProtocols protocols)
    {
        using var server = new TlsNode();
        using var client = new RawClient(server.Ports.Secure, server.As("CN=client, O=\"Example, Inc\"", protocols))
            .Handshake();
        Assert.Equal(["ip:127.0.0.1", "x509:CN=client,O=Example\\, Inc"], client.WhoAmI(1));
        Assert.Equal((0L, 0), client.Auth(2, "x509", null));
        Assert.Equal(0, client.Create(3, "/mine", acl: ("x509", "CN=client,O=Example\\, Inc")));
        Assert.Equal(0, client.Request(4, 4, [.. RawClient.Text("/mine"), 0]));

        using var other = new RawClient(server.Ports.Secure, server.As("CN=other", protocols)).Handshake();
        Assert.Equal(NoAuth, other.Request(1, 4, [.. RawClient.Text("/mine"), 0]));
        using var plain = new RawClient(server.Ports.Client).Handshake();
        Assert.Equal(NoAuth, plain.Request(1, 4, [.. RawClient.Text("/mine"), 0]));
    }

    [Fact]
    public void The_owner_of_the_super_users_certificate_may_do_everything()
    {
        using var server = new TlsNode("--zookeeper:X509AuthenticationProvider.superUser=CN=admin,O=Example");
        using var client = new RawClient(server.Ports.Secure, server.As("CN=client")).Handshake();
        Assert.Equal(0, client.Create(1, "/mine", acl: ("x509", "CN=client")));
        using var admin = new RawClient(server.Ports.Secure, server.As("CN=admin, O=Example")).Handshake();
        Assert.Equal(
            ["ip:127.0.0.1", "super:CN=admin,O=Example", "x509:CN=admin,O=Example"], admin.WhoAmI(1));
        Assert.Equal(0, admin.Request(2, 4, [.. RawClient.Text("/mine"), 0]));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Large_requests_and_replies_come_whole(SslProtocols protocols)
    {
        const int Bytes = 1_000_000;
        using var server = new TlsNode();
        using var client = new RawClient(server.Ports.Secure, server.As(protocols: protocols)).Handshake();
        Assert.Equal(0, client.Create(1, "/large", Bytes));
        for (var xid = 2; xid < 12; xid++)
            client.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(4), .. RawClient.Text("/large"), 0]);
        for (var xid = 2; xid < 12; xid++)
            Assert.Equal(16 + 4 + Bytes + 68, client.ReceiveFrame().Length);
        Assert.Equal(0, client.Request(12, -11));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void A_certificate_is_needed_unless_the_settings_say_otherwise()
    {
        using var strangers = new TestAuthority();
        using (var server = new TlsNode())
        {
            IsTurnedAway(server, null);
            server.Node.WaitFor("no TLS came about: it shows no certificate (ssl.clientAuth)");
            IsTurnedAway(server, "CN=client", strangers);
            server.Node.WaitFor("no TLS came about: its certificate: ");
        }

        using (var server = new TlsNode("--zookeeper:ssl.clientAuth=want"))
        {
            using var client = new RawClient(server.Ports.Secure, server.As(subject: null)).Handshake();
            Assert.Equal(["ip:127.0.0.1"], client.WhoAmI(1));
            IsTurnedAway(server, "CN=client", strangers);
        }

        using (var server = new TlsNode("--zookeeper:ssl.clientAuth=none"))
        {
            using var client = new RawClient(server.Ports.Secure, server.As()).Handshake();
            Assert.Equal(["ip:127.0.0.1"], client.WhoAmI(1)); // Not asked for, and so not looked at.
        }
    }

    [Fact]
    public void The_plain_port_takes_both_where_it_is_told_to()
    {
        using var server = new TlsNode("--zookeeper:client.portUnification=true");
        using var plain = new RawClient(server.Ports.Client).Handshake();
        using var encrypted = new RawClient(server.Ports.Client, server.As()).Handshake();
        Assert.Equal(["ip:127.0.0.1"], plain.WhoAmI(1));
        Assert.Equal(["ip:127.0.0.1", "x509:CN=client"], encrypted.WhoAmI(1));
        Assert.Equal("imok", RawClient.Ask(server.Ports.Client, "ruok"));
        Assert.Equal("imok", RawClient.Ask(server.Ports.Client, "ruok", server.As()));
        Assert.Equal("imok", RawClient.Ask(server.Ports.Secure, "ruok", server.As()));
    }

    [Fact]
    public void What_is_no_TLS_is_closed_and_disturbs_nobody()
    {
        using var server = new TlsNode(
            "--zookeeper:client.portUnification=true", "--limits:clientHandshakeTimeoutMs=2000");
        using var good = new RawClient(server.Ports.Secure, server.As()).Handshake(timeoutMs: 40_000);
        byte[][] beginnings =
        [
            [], [0x16], [0x16, 0x03, 0x01], [0x16, 0x03, 0x01, 0x40, 0x00, 1, 0, 0x3f, 0xfc],
            [0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1, 0xfc, 0x03], [0x16, .. new byte[2_000]],
            [.. "GET / HTTP/1.1\r\n\r\n"u8],
        ];
        foreach (var beginning in beginnings)
        {
            using var unified = new RawClient(server.Ports.Client);
            unified.Send(beginning);
            using var secure = new RawClient(server.Ports.Secure);
            secure.Send(beginning);
            Assert.True(unified.ReceiveToEnd().Length < 64); // An alert at most.
            Assert.True(secure.ReceiveToEnd().Length < 64);
        }

        using var plain = new RawClient(server.Ports.Secure);
        plain.SendFrame([.. RawClient.I32(0), .. RawClient.I64(0), .. RawClient.I32(10_000), .. plain.Session, 0]);
        Assert.True(plain.ReceiveToEnd().Length < 64);
        Assert.Equal(0, good.Create(1, "/still-served"));
    }

    [Fact]
    public void Half_a_handshake_takes_a_place_like_any_other_connection()
    {
        // They are looked at while they wait, however long this machine takes for a write.
        using var server = new TlsNode("--zookeeper:maxClientCnxns=3", "--limits:clientHandshakeTimeoutMs=600000");
        using var good = new RawClient(server.Ports.Secure, server.As()).Handshake();
        using var first = new RawClient(server.Ports.Secure);
        first.Send([0x16, 0x03]);
        using var second = new RawClient(server.Ports.Secure);
        second.Send([0x16]);

        // The third to be let in, whichever that is, is the one too many.
        LaunchedCluster.Until("two handshakes are under way", () =>
            Admin(server, "metrics").Contains("\noutstanding_tls_handshake 2\n", StringComparison.Ordinal));
        using var third = new RawClient(server.Ports.Secure);
        Assert.Empty(third.ReceiveToEnd());
        server.Node.WaitFor("3 of one address");
        Assert.Equal(0, good.Create(1, "/still-served"));
        using var connections = JsonDocument.Parse(Admin(server, "commands/connections"));
        Assert.Equal(0, connections.RootElement.GetProperty("connections").GetArrayLength());
        Assert.Equal(1, connections.RootElement.GetProperty("secure_connections").GetArrayLength());
    }

    /// <summary>The outbound limit holds where what waits is encrypted too.</summary>
    [Fact]
    public void A_client_that_asks_and_never_reads_is_closed_at_its_limit()
    {
        using var server = new TlsNode("--limits:clientOutboundBytesMax=1048576");
        using var good = new RawClient(server.Ports.Secure, server.As()).Handshake();
        Assert.Equal(0, good.Create(1, "/large", 900_000));
        using var greedy = new RawClient(server.Ports.Secure, server.As()).Handshake();
        var failure = Assert.Throws<IOException>(AskForEver);
        var error = Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode;
        Assert.True(error is SocketError.ConnectionReset or SocketError.Shutdown, $"{error}");
        Assert.Equal(0, good.Create(2, "/served"));
        Assert.True(server.Node.ResidentBytes < 256L * 1024 * 1024, $"{server.Node.ResidentBytes} bytes");

        void AskForEver()
        {
            for (var xid = 1; xid > 0; xid++)
                greedy.SendFrame([.. RawClient.I32(xid), .. RawClient.I32(4), .. RawClient.Text("/large"), 0]);
        }
    }

    /// <summary>What waits encrypted counts, and what waits to be encrypted.</summary>
    [Fact]
    public void Where_memory_is_short_who_does_not_read_is_cut_off_by_TLS_too()
    {
        using var server = new TlsNode("--limits:clientMemoryMax=4194304");
        using var good = new RawClient(server.Ports.Secure, server.As()).Handshake();
        Assert.Equal(0, good.Create(1, "/large", 1_000_000));
        using var greedy = new RawClient(server.Ports.Secure, server.As()).Handshake();
        ClientLimitTests.AskMuch(greedy);
        server.Node.WaitFor("connections take over 4194304 (limits:clientMemoryMax)");
        LaunchedCluster.Until("it is gone", () => RawClient.Ask(server.Ports.Secure, "srvr", server.As())
            .Contains("Connections: 2\n", StringComparison.Ordinal));
        Assert.Equal(0, good.Create(2, "/served"));
    }

    [Fact]
    public void A_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_is_not()
    {
        using var server = new TlsNode("--limits:certificatePollMs=100");
        using var before = new RawClient(server.Ports.Secure, server.As()).Handshake();
        using var renewed = server.Renew();
        server.Node.WaitFor("clientTls: the files changed; new connections use what they hold now");
        Assert.Equal(renewed.Thumbprint, Shown(server));

        // By what it says of this file: between the renewed key and its certificate it may have said so already.
        File.WriteAllText(server.PathOf("authority.pem"), "");
        server.Node.WaitFor("the certificate before stays in use: the file holds no certificate");
        Assert.Equal(renewed.Thumbprint, Shown(server));
        Assert.Equal(0, before.Create(1, "/never-interrupted"));
    }

    private static string? Shown(TlsNode server)
    {
        using var client = new RawClient(server.Ports.Secure, server.As()).Handshake();
        return client.ServerThumbprint;
    }

    // By TLS 1.3 a client hears of it only behind its own handshake.
    private static void IsTurnedAway(TlsNode server, string? subject, TestAuthority? signedBy = null)
    {
        try
        {
            using var client = new RawClient(server.Ports.Secure, server.As(subject, signedBy: signedBy));
            client.SendFrame(
                [.. RawClient.I32(0), .. RawClient.I64(0), .. RawClient.I32(10_000), .. client.Session, 0]);
            client.ReceiveFrame();
        }
        catch (Exception end) when (end is AuthenticationException or IOException)
        {
            return;
        }

        Assert.Fail($"{subject ?? "A client without a certificate"} was let in.");
    }

    private static string Admin(TlsNode server, string page)
    {
        using var http = new HttpClient();
        return http.GetStringAsync(new Uri($"http://{server.Ports.Admin}/{page}")).GetAwaiter().GetResult();
    }
}
