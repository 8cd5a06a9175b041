using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Encrypted connections (client-sdk.md 3.2, Tls).</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority authority = new();
    private string? shown;

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task The_scheme_and_files_of_the_connection_string_are_enough()
    {
        using var cluster = Cluster(authority.Sign("server"));
        authority.Write("client");
        await using var coord = new CoordClient(
            $"coords://{cluster.ConnectionString}?{authority.ClientFiles}", Patient());

        await coord.CreateAsync("/a", new byte[300_000]).Soon();

        Assert.Equal(300_000, (await coord.GetAsync("/a").Soon()).Bytes.Length);
        Assert.Equal("CN=client", shown);
    }

    [Fact]
    public async Task The_option_is_asked_for_each_connection()
    {
        using var cluster = Cluster(authority.Sign("server"));
        var asked = 0;
        await using var coord = new CoordClient(cluster.ConnectionString, Patient(() =>
        {
            var own = authority.Sign($"client-{++asked}");
            return new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = Trust(),
                ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
            };
        }));

        var session = await coord.ConnectAsync().Soon();
        Assert.Equal("CN=client-1", shown);
        cluster.CutAll();
        await coord.SyncAsync().Soon();

        Assert.Equal("CN=client-2", shown);
        Assert.Same(session, coord.Session);
    }

    /// <summary>client-sdk.md 22: a clock that is wrong by hours makes TLS fail, and it is named as such.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_that_cannot_be_trusted_is_named(bool isFromAStranger)
    {
        using var stranger = new TestAuthority();
        using var cluster = Cluster(
            isFromAStranger ? stranger.Sign("server") : authority.Sign("server", fromDays: 0.5));
        var error = await FailToConnectAsync(
            cluster.ConnectionString, Patient(() => new() { CertificateChainPolicy = Trust() }));

        Assert.Contains("TLS: The remote certificate", error.Attempts, StringComparison.Ordinal);
        Assert.Contains(isFromAStranger ? "chain" : "NotTimeValid", error.Attempts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_an_attempt_that_failed()
    {
        using var cluster = new ScriptedCluster { Features = "session-proof" };
        var error = await FailToConnectAsync($"coords://{cluster.ConnectionString}", Patient());

        Assert.Contains("TLS: ", error.Attempts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_throws_fails_the_attempt_and_is_asked_again()
    {
        using var cluster = Cluster(authority.Sign("server"));
        var asked = 0;
        await using var coord = new CoordClient(cluster.ConnectionString, Patient(() => ++asked == 1
            ? throw new InvalidOperationException("not mounted yet")
            : new SslClientAuthenticationOptions { CertificateChainPolicy = Trust() }));

        await coord.ConnectAsync().Soon();

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_callback_that_throws_fails_the_attempt_and_is_asked_again()
    {
        using var cluster = Cluster(authority.Sign("server"));
        var asked = 0;
        await using var coord = new CoordClient(cluster.ConnectionString, Patient(() => new()
        {
            RemoteCertificateValidationCallback = (_, _, _, _) =>
                ++asked > 1 ? true : throw new InvalidOperationException("no list of certificates yet"),
        }));

        await coord.ConnectAsync().Soon();

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Replies_lost_by_TLS_are_resolved_as_without()
    {
        using var cluster = Cluster(authority.Sign("server"));
        await using var coord = new CoordClient(
            $"coords://{cluster.ConnectionString}?tlsCa={authority.PathOf("authority.pem")}", Patient());
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var made = await coord.CreateAsync("/a-", default, new CreateOptions { Protected = true }).Soon();

        Assert.Equal([ZnodePath.Name(made.Path)], cluster.Look(tree => tree.ChildrenOf("/").ToList()));
    }

    [Fact]
    public void Files_and_option_together_are_refused()
    {
        var options = new CoordClientOptions { Tls = () => new SslClientAuthenticationOptions() };
        var files = $"coords://h?tlsCa={authority.PathOf("authority.pem")}";

        Assert.Throws<ArgumentException>(() => new CoordClient(files, options));
    }

    // A handshake takes its time on a machine that is busy: no test waits for a limit to pass.
    private static CoordClientOptions Patient(Func<SslClientAuthenticationOptions>? tls = null) => new()
    {
        Tls = tls,
        ConnectTimeout = TimeSpan.FromMinutes(1),
        SessionTimeout = TimeSpan.FromMinutes(5),
        RequestTimeout = Timeout.InfiniteTimeSpan,
    };

    private static async Task<ConnectionFailedException> FailToConnectAsync(string address, CoordClientOptions options)
    {
        var (time, log) = (new FakeTimeProvider(), new LogProbe());
        options.TimeProvider = time;
        options.LoggerFactory = log;
        options.RequestTimeout = TimeSpan.FromSeconds(10);
        await using var coord = new CoordClient(address, options);
        var connecting = coord.ConnectAsync().AsTask();
        await log.WaitForAsync("TLS: ");

        time.Advance(2 * options.RequestTimeout);

        return await Assert.ThrowsAsync<ConnectionFailedException>(() => connecting.Soon());
    }

    private ScriptedCluster Cluster(X509Certificate2 certificate) => new()
    {
        Tls = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            AllowTlsResume = false,
            CertificateChainPolicy = Trust(),
            RemoteCertificateValidationCallback = (_, client, _, errors) =>
            {
                shown = client?.Subject;
                return errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNotAvailable;
            },
        },
    };

    private X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { authority.Certificate },
    };
}
