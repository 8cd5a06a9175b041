using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Peers;

namespace Coord.Node.Tests.Peers;

/// <summary>A certificate authority made for a test, and what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset now = DateTimeOffset.UtcNow;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What a node of this name is given.</summary>
    public PeerTls Tls(string name) => new(Sign(name), [Certificate]);

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Sign(string name)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
        using var signed = request.Create(
            Certificate, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(own);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
