using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>Reads the files of <c>peerTls</c>, all of them PEM; without the section, links are not encrypted.</summary>
internal static class PeerTlsSettings
{
    public const string Section = "peerTls";

    private const string Certificate = "peerTls:certificate";
    private const string Key = "peerTls:key";
    private const string Authority = "peerTls:authority";

    public static string[] Keys { get; } = [Certificate, Key, Authority];

    /// <exception cref="SettingsException">A file is missing, is no PEM, or is another node's.</exception>
    public static PeerTls? Read(SettingValues values, NodeId self)
    {
        if (Keys.All(key => values[key] is null))
            return null;
        foreach (var key in Keys)
        {
            if (string.IsNullOrWhiteSpace(values[key]))
                throw values.Wrong(key, $"name a PEM file; {Section} needs all of certificate, key and authority");
        }

        var own = Load(values, Certificate, () =>
            X509Certificate2.CreateFromPemFile(values[Certificate]!, values[Key]!));
        if (PeerTls.NodeOf(own) != self)
        {
            throw values.Wrong(
                Certificate, $"the common name of this node's certificate must be {PeerTls.NameOf(self)}, and is "
                + own.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        }

        var authorities = new X509Certificate2Collection();
        Load(values, Authority, () =>
        {
            authorities.ImportFromPemFile(values[Authority]!);
            return authorities;
        });
        return authorities.Count > 0
            ? new PeerTls(own, authorities)
            : throw values.Wrong(Authority, "the file holds no certificate");
    }

    private static T Load<T>(SettingValues values, string key, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw values.Wrong(key, $"cannot be read: {failure.Message}");
        }
    }
}
