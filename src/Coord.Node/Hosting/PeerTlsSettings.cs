using System.Security.Cryptography.X509Certificates;
using Coord.Node.Peers;
using Coord.Node.Tls;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>Reads the files of <c>peerTls</c>; without the section, links are not encrypted.</summary>
internal static class PeerTlsSettings
{
    public const string Section = "peerTls";

    public static string[] Keys { get; } = TlsFileSettings.KeysOf(Section);

    /// <exception cref="SettingsException">A file is missing, is no PEM, or is another node's.</exception>
    public static TlsFiles? Read(SettingValues values, NodeId self) =>
        TlsFileSettings.Open(values, Section, needsAuthority: true, credentials => Objection(credentials.Own, self));

    private static string? Objection(X509Certificate2 own, NodeId self) => PeerTls.NodeOf(own) == self
        ? null
        : $"the common name of this node's certificate must be {PeerTls.NameOf(self)}, and is "
            + own.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
}
