using Coord.Node.Hosting;
using Coord.Node.Tests.Peers;
using Coord.Node.Tls;
using Coord.Raft;

namespace Coord.Node.Tests.Hosting;

/// <summary>The files of <c>peerTls</c>, and what is said of wrong ones (raft-design I5).</summary>
public sealed class PeerTlsSettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-tls-");
    private readonly TestAuthority authority = new();

    [Fact]
    public void Without_the_section_links_are_not_encrypted() => Assert.Null(Read());

    [Fact]
    public void Three_files_give_the_node_its_certificate() => Assert.NotNull(Read(
        $"--peerTls:certificate={Certificate("node-1")}", $"--peerTls:key={KeyFile}",
        $"--peerTls:authority={AuthorityFile()}"));

    [Fact]
    public void A_file_that_is_missing_is_named_with_its_key()
    {
        var certificate = Certificate("node-1");
        Refused("peerTls:key is missing: name a PEM file; peerTls needs all of certificate, key and authority",
            $"--peerTls:certificate={certificate}");
        Refused($"command line: --peerTls:certificate = \"{folder}/none.pem\": cannot be read: ",
            $"--peerTls:certificate={folder}/none.pem", $"--peerTls:key={KeyFile}",
            $"--peerTls:authority={AuthorityFile()}");
        Refused($"command line: --peerTls:authority = \"{KeyFile}\": the file holds no certificate",
            $"--peerTls:certificate={certificate}", $"--peerTls:key={KeyFile}", $"--peerTls:authority={KeyFile}");
    }

    [Fact]
    public void The_certificate_of_another_node_is_refused() => Refused(
        "the common name of this node's certificate must be node-1, and is node-2",
        $"--peerTls:certificate={Certificate("node-2")}", $"--peerTls:key={KeyFile}",
        $"--peerTls:authority={AuthorityFile()}");

    public void Dispose()
    {
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    private string KeyFile => Path.Combine(folder.FullName, "key.pem");

    private string Certificate(string name)
    {
        using var signed = authority.Sign(name);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions
            .GetECDsaPrivateKey(signed)!;
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        var file = Path.Combine(folder.FullName, "certificate.pem");
        File.WriteAllText(file, signed.ExportCertificatePem());
        return file;
    }

    private string AuthorityFile()
    {
        var file = Path.Combine(folder.FullName, "authority.pem");
        File.WriteAllText(file, authority.Certificate.ExportCertificatePem());
        return file;
    }

    private static TlsFiles? Read(params string[] options)
    {
        var values = new SettingValues();
        values.AddOptions(options);
        return PeerTlsSettings.Read(values, new NodeId(1));
    }

    private static void Refused(string message, params string[] options) => Assert.Contains(
        message, Assert.Throws<SettingsException>(() => Read(options)).Message, StringComparison.Ordinal);
}
