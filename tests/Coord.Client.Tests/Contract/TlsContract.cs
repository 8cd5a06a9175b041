namespace Coord.Client.Tests;

/// <summary>Encrypted connections to a real server that asks clients for certificates, the same on each.</summary>
public abstract class TlsContract(TlsFixture cluster)
{
    // A handshake takes its time on a machine that is busy.
    private static readonly CoordClientOptions Patient = new()
    {
        ConnectTimeout = TimeSpan.FromMinutes(1),
        SessionTimeout = TimeSpan.FromMinutes(1),
        RequestTimeout = TimeSpan.FromMinutes(2),
    };

    [Fact]
    public async Task A_client_with_a_certificate_is_let_in_and_known_by_it()
    {
        await using var coord = new CoordClient(cluster.SecureConnectionString, Patient);
        AclEntry[] own = [new(Permissions.All, "x509", "CN=client")];

        await coord.CreateAsync("/tls", new byte[100_000], new CreateOptions { Acl = own }).Soon();

        Assert.Equal(100_000, (await coord.GetAsync("/tls").Soon()).Bytes.Length);
        await using var plain = new CoordClient(cluster.ConnectionString, Patient);
        await Assert.ThrowsAsync<NoAuthException>(() => plain.GetAsync("/tls").Soon());
    }

    [Fact]
    public async Task Watches_multis_and_many_requests_at_once_go_through()
    {
        await using var coord = new CoordClient(cluster.SecureConnectionString, Patient);
        await coord.CreateAsync("/many").Soon();
        var satisfied = coord.WaitUntilAsync("/many", znode => znode?.Stat.Version == 1001).AsTask();

        var sets = Enumerable.Range(0, 1000)
            .Select(_ => coord.SetAsync("/many", new byte[500], SetOptions.Overwrite).AsTask()).ToArray();
        var stats = await Task.WhenAll(sets).Soon();
        await coord.CreateMulti().Set("/many", default, 1000).CommitAsync().Soon();

        Assert.Equal(Enumerable.Range(1, 1000), stats.Select(stat => stat.Version));
        Assert.NotNull(await satisfied.Soon());
    }

    [Fact]
    public async Task A_client_without_a_certificate_finds_no_server()
    {
        var log = new LogProbe();
        var options = new CoordClientOptions
        {
            ConnectTimeout = TimeSpan.FromMinutes(1), RequestTimeout = TimeSpan.FromMinutes(2), LoggerFactory = log,
        };
        var coord = new CoordClient(cluster.SecureWithoutCertificate, options);
        var connecting = coord.ConnectAsync().AsTask();

        // With TLS 1.3 the refusal may come as late as the first answer.
        await log.WaitForAsync("127.0.0.1");
        await coord.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting.Soon());
        Assert.Equal(0, coord.Session.Epoch);
    }
}
