using Coord.Node.Clients;

namespace Coord.Node.Hosting;

/// <summary>Reads how clients come by TLS: the files of <c>clientTls</c>, and where and whom they serve.</summary>
internal static class ClientTlsSettings
{
    public const string Section = "clientTls";

    private const string ClientAuth = "zookeeper:ssl.clientAuth";
    private const string PortUnification = "zookeeper:client.portUnification";

    public static string[] Keys { get; } = [.. TlsFileSettings.KeysOf(Section), ClientAuth, PortUnification];

    /// <summary>Null: this node serves no client by TLS.</summary>
    /// <exception cref="SettingsException">A value is wrong, or what belongs together is missing.</exception>
    public static ClientTls? Read(SettingValues values, ClusterNode self, NodePorts ports)
    {
        var certificates = ReadCertificates(values);
        var isUnified = values.Flag(PortUnification) ?? false;
        var files = TlsFileSettings.Open(
            values, Section, needsAuthority: certificates != ClientCertificates.None, _ => null);
        if (files is null && self.SecureClient is not null)
            throw new SettingsException($"{ports.SecureClient}: needs a certificate; name its files in {Section}");
        if (files is null && isUnified)
            throw values.Wrong(PortUnification, $"needs a certificate; name its files in {Section}");
        if (files is null && values[ClientAuth] is not null)
            throw values.Wrong(ClientAuth, $"asks for nothing without TLS; name its files in {Section}");
        if (files is null)
            return null;
        if (self.SecureClient is null && !isUnified)
        {
            throw values.Wrong(
                TlsFileSettings.KeysOf(Section)[0],
                "no port of this node uses it: give the node a secureClient address, or set "
                + $"{SettingSource.SpellJson(PortUnification)}");
        }

        return new ClientTls(files, certificates) { HasUnifiedPort = isUnified };
    }

    // ZooKeeper's own default.
    private static ClientCertificates ReadCertificates(SettingValues values) => values[ClientAuth] switch
    {
        null or "need" => ClientCertificates.Need,
        "want" => ClientCertificates.Want,
        "none" => ClientCertificates.None,
        _ => throw values.Wrong(ClientAuth, "must be none, want or need"),
    };
}
