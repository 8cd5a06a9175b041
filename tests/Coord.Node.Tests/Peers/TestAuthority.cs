using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Peers;
using Coord.Node.Tls;

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
    public PeerTls Tls(string name)
    {
        var credentials = Credentials(name);
        return new PeerTls(() => credentials);
    }

    /// <summary>A certificate, and trust in others of this authority.</summary>
    public TlsCredentials Credentials(string name) => new(Sign(name), [], [Certificate]);

    /// <summary>A certificate with its key, for a common name.</summary>
    public X509Certificate2 Sign(string name) => SignSubject(new X500DistinguishedName($"CN={name}"));

    /// <summary>A certificate with its key, good for this machine too.</summary>
    public X509Certificate2 SignSubject(X500DistinguishedName subject)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            Certificate, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(own);
    }

    /// <summary>Writes a new certificate, its key and the authority as PEM into a folder.</summary>
    public X509Certificate2 WriteTo(DirectoryInfo folder, string name)
    {
        var signed = Sign(name);
        using var key = signed.GetECDsaPrivateKey()!;
        Put("key.pem", key.ExportPkcs8PrivateKeyPem());
        Put("certificate.pem", signed.ExportCertificatePem());
        Put("authority.pem", Certificate.ExportCertificatePem());
        return signed;

        // As renewal tools do: a node that looks at this moment sees a whole file, the one before or the new one.
        void Put(string file, string text)
        {
            var path = Path.Combine(folder.FullName, file);
            File.WriteAllText($"{path}.new", text);
            File.Move($"{path}.new", path, overwrite: true);
        }
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
