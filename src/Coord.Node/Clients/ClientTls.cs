using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Tls;

namespace Coord.Node.Clients;

/// <summary>How this node serves clients by TLS (zookeeper-protocol 1.1).</summary>
/// <param name="files">Its certificate, and who signs those of clients.</param>
/// <param name="certificates">What is asked of clients.</param>
internal sealed class ClientTls(TlsFiles files, ClientCertificates certificates)
{
    public TlsFiles Files { get; } = files;

    /// <summary>Whether any client is known by a certificate.</summary>
    public bool AsksForCertificates => certificates != ClientCertificates.None;

    /// <summary>
    /// Clients may come by TLS on the plain port too: the first byte tells (ZooKeeper's client.portUnification).
    /// </summary>
    public bool HasUnifiedPort { get; init; }

    /// <summary>What the next handshake goes by.</summary>
    /// <param name="refused">Told why a client's certificate is not accepted.</param>
    public SslServerAuthenticationOptions NewHandshake(Action<string> refused)
    {
        var credentials = Files.Current;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credentials.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = certificates != ClientCertificates.None,
            CertificateChainPolicy = credentials.NewPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var objection = Objection(certificate, chain, errors);
                if (objection is not null)
                    refused(objection);
                return objection is null;
            },

            // A resumed session would skip the look at the client's certificate, which may have run out.
            AllowTlsResume = certificates == ClientCertificates.None,
            AllowRenegotiation = false,

            // ZooKeeper's clients name no protocol inside.
            ApplicationProtocols = [],
        };
    }

    // A certificate is for whoever it names, from wherever he comes.
    private string? Objection(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return certificates == ClientCertificates.Need ? "it shows no certificate (ssl.clientAuth)" : null;
        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
            return $"its certificate: {(chain is { ChainStatus: [var first, ..] } ? first.StatusInformation : errors)}";
        return SubjectName.IsReadable(certificate) ? null : "its subject cannot be read";
    }
}
