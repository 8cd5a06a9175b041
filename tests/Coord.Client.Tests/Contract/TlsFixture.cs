namespace Coord.Client.Tests;

/// <summary>One real server that takes TLS beside plain connections, and asks clients for certificates.</summary>
public abstract class TlsFixture : ClusterFixture
{
    private readonly TestAuthority authority = new();

    protected TlsFixture()
    {
        authority.Write("server");
        authority.Write("client");
    }

    public string SecureConnectionString => $"coords://{SecureHost}?{authority.ClientFiles}";

    public string SecureWithoutCertificate => $"coords://{SecureHost}?tlsCa={PathOf("authority.pem")}";

    /// <summary>Where it takes TLS.</summary>
    protected virtual string SecureHost => ConnectionString;

    protected override int Nodes => 1;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        authority.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string PathOf(string file) => authority.PathOf(file);
}
