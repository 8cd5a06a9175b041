using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Coord.Node.Tls;

/// <summary>
/// What the files of one side of TLS hold. Never changed, and not disposed: handshakes may be using it.
/// </summary>
internal sealed class TlsCredentials(
    X509Certificate2 own, X509Certificate2Collection chain, X509Certificate2Collection authorities)
{
    /// <summary>This side's certificate with its key.</summary>
    public X509Certificate2 Own { get; } = own;

    /// <summary>The same, with what stands between it and its authority, as a handshake shows it.</summary>
    public SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(own, chain, offline: true);

    /// <summary>
    /// How the other side is judged: who the authorities signed, and nobody else. Nothing is fetched for it.
    /// </summary>
    public X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
