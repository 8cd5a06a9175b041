using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Tls;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Mutual TLS between nodes (raft-design I5): both sides show a certificate of the cluster's own authority, whose
/// common name says which node it is for.
/// </summary>
/// <param name="current">This node's certificate, and who signs the nodes' certificates, as of now.</param>
internal sealed class PeerTls(Func<TlsCredentials> current)
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
    public void Dial(SslStream stream)
    {
        var credentials = current();
        stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificateContext = credentials.Context,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = credentials.NewPolicy(),
            RemoteCertificateValidationCallback = IsTrusted,
            AllowTlsResume = false,
        });
    }

    /// <summary>The handshake of the side that was dialled.</summary>
    /// <exception cref="AuthenticationException">The other side is not trusted, or does not trust this one.</exception>
    public void Answer(SslStream stream)
    {
        var credentials = current();
        stream.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credentials.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = credentials.NewPolicy(),
            RemoteCertificateValidationCallback = IsTrusted,
            AllowTlsResume = false,
            AllowRenegotiation = false,
        });
    }

    // A certificate is for a node and not for a host: who it is, is compared with the greeting.
    private static bool IsTrusted(
        object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
}
