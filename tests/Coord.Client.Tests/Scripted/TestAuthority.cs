using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coord.Client.Tests;

/// <summary>A certificate authority made for a test, what it signs, and the files of both.</summary>
internal sealed class TestAuthority : IDisposable
{
    // One key for all that is signed: making one takes long, and none of them keeps a secret.
    private static readonly RSA Key = RSA.Create(2048);

    private readonly RSA own = RSA.Create(2048);
    private readonly DateTimeOffset now = DateTimeOffset.UtcNow;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-client-tls-");

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=authority", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        File.WriteAllText(PathOf("authority.pem"), Certificate.ExportCertificatePem());
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What a client writes into its connection string to come as <c>CN=client</c>.</summary>
    public string ClientFiles =>
        $"tlsCa={PathOf("authority.pem")}&tlsCert={PathOf("client.pem")}&tlsKey={PathOf("client-key.pem")}";

    public string PathOf(string file) => Path.Combine(folder.FullName, file);

    /// <summary>A certificate with its key for this machine.</summary>
    public X509Certificate2 Sign(string name, double fromDays = -1, double toDays = 1)
    {
        var request = new CertificateRequest($"CN={name}", Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            Certificate, now.AddDays(fromDays), now.AddDays(toDays), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(Key);
    }

    /// <summary>
    /// Writes <c>NAME.pem</c>, <c>NAME-key.pem</c>, and <c>NAME-store.pem</c> with both, as Java wants them.
    /// </summary>
    public void Write(string name)
    {
        using var signed = Sign(name);
        var (certificate, secret) = (signed.ExportCertificatePem(), Key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf($"{name}.pem"), certificate);
        File.WriteAllText(PathOf($"{name}-key.pem"), secret);
        File.WriteAllText(PathOf($"{name}-store.pem"), $"{secret}\n{certificate}\n");
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        Certificate.Dispose();
        own.Dispose();
    }
}
