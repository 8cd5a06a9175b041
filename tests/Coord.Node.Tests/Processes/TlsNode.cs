using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Tests.Peers;

namespace Coord.Node.Tests.Processes;

/// <summary>A node that serves clients by TLS, with certificates made for the test.</summary>
internal sealed class TlsNode : IDisposable
{
    private readonly TestAuthority authority = new();

    public TlsNode(params string[] settings)
    {
        authority.WriteTo(Files, "server").Dispose();
        Node = NodeProcess.Dev(Ports,
        [
            $"--clientTls:certificate={PathOf("certificate.pem")}", $"--clientTls:key={PathOf("key.pem")}",
            $"--clientTls:authority={PathOf("authority.pem")}", $"--nodes:0:secureClient={Ports.Secure}", .. settings,
        ]);
    }

    public NodeProcess Node { get; }

    public NodePair Ports { get; } = NodePair.Free();

    /// <summary>Where the node's certificate, key and authority are.</summary>
    public DirectoryInfo Files { get; } = Directory.CreateTempSubdirectory("coord-tls-");

    public string PathOf(string file) => Path.Combine(Files.FullName, file);

    /// <summary>Gives the node another certificate of its authority.</summary>
    public X509Certificate2 Renew() => authority.WriteTo(Files, "server");

    /// <summary>Writes client.pem and client-key.pem, for a client of this common name.</summary>
    public void WriteClient(string name)
    {
        using var own = authority.Sign(name);
        using var key = own.GetECDsaPrivateKey()!;
        File.WriteAllText(PathOf("client.pem"), own.ExportCertificatePem());
        File.WriteAllText(PathOf("client-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>How a client with a certificate of this subject comes; null: with none.</summary>
    public SslClientAuthenticationOptions As(
        string? subject = "CN=client", SslProtocols protocols = SslProtocols.Tls13, TestAuthority? signedBy = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { authority.Certificate },
            },
        };
        if (subject is not null)
        {
            var own = (signedBy ?? authority).SignSubject(new X500DistinguishedName(subject));
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        return options;
    }

    public void Dispose()
    {
        Node.Dispose();
        Files.Delete(recursive: true);
        authority.Dispose();
    }
}
