using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Mutual TLS between nodes (raft-design I5): both sides show a certificate of the cluster's own authority, whose
/// common name says which node it is for.
/// </summary>
/// <param name="own">This node's certificate with its key.</param>
/// <param name="authorities">Who signs the nodes' certificates; nobody else is trusted.</param>
internal sealed class PeerTls(X509Certificate2 own, X509Certificate2Collection authorities)
{
    private const string NamePrefix = "node-";

    /// <summary>The common name that a node's certificate must have.</summary>
    public static string NameOf(NodeId node) => $"{NamePrefix}{node.Value.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The node that a certificate is for, or null when it is no node's.</summary>
    public static NodeId? NodeOf(X509Certificate2 certificate)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return name.StartsWith(NamePrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(NamePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new NodeId(id)
            : null;
    }

    /// <summary>The handshake of the side that dialled.</summary>
    /// <exception cref="AuthenticationException">The other side is not trusted, or does not trust this one.</exception>
    public void Dial(SslStream stream) => stream.AuthenticateAsClient(new SslClientAuthenticationOptions
    {
        TargetHost = "",
        ClientCertificates = [own],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => own,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = NewPolicy(),
        RemoteCertificateValidationCallback = IsTrusted,
        AllowTlsResume = false,
    });

    /// <summary>The handshake of the side that was dialled.</summary>
    /// <exception cref="AuthenticationException">The other side is not trusted, or does not trust this one.</exception>
    public void Answer(SslStream stream) => stream.AuthenticateAsServer(new SslServerAuthenticationOptions
    {
        ServerCertificate = own,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = NewPolicy(),
        RemoteCertificateValidationCallback = IsTrusted,
        AllowTlsResume = false,
        AllowRenegotiation = false,
    });

    // A certificate is for a node and not for a host: who it is, is compared with the greeting.
    private static bool IsTrusted(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private X509ChainPolicy NewPolicy()
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
