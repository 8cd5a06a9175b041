using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coord.Client;

/// <summary>
/// The PEM files that <c>tlsCa</c>, <c>tlsCert</c> and <c>tlsKey</c> of a connection string name. Read again for each
/// connection, so that certificates are renewed by writing new files over the old ones.
/// </summary>
internal sealed class TlsFiles(string? authority, string? certificate, string? key)
{
    /// <exception cref="AttemptFailedException">A file is missing or no PEM; the message names it and what of it is
    /// wrong, and never shows a key.</exception>
    internal SslClientAuthenticationOptions Read()
    {
        var options = new SslClientAuthenticationOptions();
        if (authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates("tlsCa", authority));
        }

        if (certificate is not null)
            options.ClientCertificateContext = Own();
        return options;
    }

    /// <summary>What is wrong with the files now, or null.</summary>
    internal string? Problem()
    {
        try
        {
            Read();
            return null;
        }
        catch (AttemptFailedException e)
        {
            return e.Message;
        }
    }

    private static X509Certificate2Collection Certificates(string name, string file)
    {
        var found = new X509Certificate2Collection();
        Try(name, file, () => found.ImportFromPemFile(file));
        return found.Count > 0 ? found : throw new AttemptFailedException($"{name}: {file} holds no certificate");
    }

    private static void Try(string name, string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AttemptFailedException($"{name}: {file}: {e.Message}", e);
        }
    }

    private SslStreamCertificateContext Own()
    {
        SslStreamCertificateContext? context = null;
        var chain = Certificates("tlsCert", certificate!);
        Try("tlsKey", key!, () => context = SslStreamCertificateContext.Create(
            X509Certificate2.CreateFromPemFile(certificate!, key), chain, offline: true));
        return context!;
    }
}
