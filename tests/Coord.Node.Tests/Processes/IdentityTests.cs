namespace Coord.Node.Tests.Processes;

/// <summary>What a connection can show about itself, and what it is told (zookeeper-protocol 8.4, 8.6).</summary>
public sealed class IdentityTests
{
    private const int AuthFailed = -115;
    private const int NotAuthenticated = -124;

    // Two lengths and the scheme; then the name, a colon and 28 characters of hash, or the address.
    private const int DigestBytes = 4 + 6 + 4 + 1 + 28;
    private const int AddressBytes = 4 + 4 + 2 + 4 + 9;

    [Fact]
    public void A_connection_is_known_by_its_address_and_by_all_that_it_shows()
    {
        using var node = NodeProcess.Dev(
            out var ports, "--zookeeper:DigestAuthenticationProvider.superDigest=super:lK75jTNcA+U9vtVEw5vB51mj/w4=");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(["ip:127.0.0.1"], client.WhoAmI(1));
        Assert.Equal((0L, 0), client.Auth(-4, "digest", "u:p"));
        Assert.Equal((0L, 0), client.Auth(-4, "digest", "v"));
        Assert.Equal((0L, 0), client.Auth(-4, "digest", "u:p"));
        Assert.Equal((0L, 0), client.Auth(-4, "digest", ""));
        Assert.Equal((0L, 0), client.Auth(-4, "ip", null));
        Assert.Equal(["ip:127.0.0.1", "digest:u", "digest:v", "digest:"], client.WhoAmI(2));
        Assert.Equal((0L, 0), client.Auth(7, "digest", "super:secret"));
        Assert.Equal(["super:", "digest:super"], client.WhoAmI(3)[4..]);
    }

    [Theory]
    [InlineData("world", "anyone")]
    [InlineData("x509", "CN=client")]
    [InlineData("ensemble", "this")]
    [InlineData("", "")]
    [InlineData("digest", null)] // ZooKeeper fails on it too.
    public void What_cannot_be_shown_is_refused_and_the_connection_ends(string scheme, string? auth)
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal((0L, AuthFailed), client.Auth(5, scheme, auth));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Sasl_is_refused_and_the_connection_ends()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(AuthFailed, client.Request(5, 102, RawClient.I32(0)));
        Assert.Empty(client.ReceiveToEnd());
    }

    [Fact]
    public void Identities_have_a_limit_since_they_travel_in_every_entry()
    {
        const int Limit = 1_024;
        using var node = NodeProcess.Dev(out var ports, $"--limits:clientIdentitiesBytesMax={Limit}");
        using var client = new RawClient(ports.Client).Handshake();
        var name = new string('n', Limit - AddressBytes - DigestBytes);
        Assert.Equal((0L, 0), client.Auth(1, "digest", name)); // To the byte.
        Assert.Equal(0, client.Create(2, "/known"));
        Assert.Equal((0L, AuthFailed), client.Auth(3, "digest", "one more"));
        Assert.Empty(client.ReceiveToEnd());

        using var greedy = new RawClient(ports.Client).Handshake();
        Assert.Equal((0L, AuthFailed), greedy.Auth(1, "digest", name + "n"));
        node.WaitFor("limits:clientIdentitiesBytesMax");
    }

    /// <summary>Pings and the end of the session are no exception.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(107)]
    [InlineData(-11)]
    public void Where_an_identity_is_asked_for_nothing_is_done_without_it(int type)
    {
        using var node = NodeProcess.Dev(
            out var ports, "--zookeeper:enforce.auth.enabled=true", "--zookeeper:enforce.auth.schemes=digest,x509");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(NotAuthenticated, client.Request(5, type, [.. RawClient.Text("/"), 0]));
        Assert.Empty(client.ReceiveToEnd());

        using var known = new RawClient(ports.Client).Handshake();
        Assert.Equal((0L, 0), known.Auth(-4, "digest", "u:p"));
        Assert.Equal(0, known.Request(5, type, [.. RawClient.Text("/"), 0]));
    }

    [Fact]
    public void A_client_that_means_another_ensemble_is_sent_away_to_find_it()
    {
        using var node = NodeProcess.Dev(out var ports, "--zookeeper:ensembleAuthName=blue, green");
        using var right = new RawClient(ports.Client).Handshake();
        Assert.Equal((0L, 0), right.Auth(1, "ensemble", "green"));
        Assert.Equal((0L, 0), right.Auth(2, "ensemble", ""));
        Assert.Equal(["ip:127.0.0.1"], right.WhoAmI(3));

        using var wrong = new RawClient(ports.Client).Handshake();
        wrong.SendFrame([
            .. RawClient.I32(1), .. RawClient.I32(100), .. RawClient.I32(0), .. RawClient.Text("ensemble"),
            .. RawClient.Text("red")]);
        Assert.Empty(wrong.ReceiveToEnd());
    }

    /// <summary>The names that ZooKeeper's own client sends are shown as they are.</summary>
    [Fact]
    public void Names_are_text_in_any_language()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal((0L, 0), client.Auth(1, "digest", "Jürgen:p:q"));
        Assert.Equal(["ip:127.0.0.1", "digest:Jürgen"], client.WhoAmI(2));
    }
}
