using System.Security.Cryptography;
using Coord.Node.Tests.Peers;
using Coord.Node.Tls;

namespace Coord.Node.Tests.Tls;

/// <summary>Certificates that are renewed on disk while a node runs, well or badly.</summary>
public sealed class TlsFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-tls-");
    private readonly TestAuthority authority = new();
    private readonly TlsFiles files;

    public TlsFilesTests()
    {
        authority.WriteTo(folder, "server").Dispose();
        files = new TlsFiles(
            new TlsFileNames("clientTls", PathOf("certificate.pem"), PathOf("key.pem"), PathOf("authority.pem")),
            credentials => credentials.Own.Subject switch
            {
                "CN=other" => "another's",
                "CN=garbled" => throw new CryptographicException("no name"),
                _ => null,
            });
    }

    [Fact]
    public void Files_that_stay_as_they_are_change_nothing()
    {
        var before = files.Current;
        Assert.False(files.TryRenew(out var problem));
        Assert.Null(problem);
        File.SetLastWriteTimeUtc(PathOf("key.pem"), DateTime.UtcNow.AddMinutes(1));
        Assert.False(files.TryRenew(out problem));
        Assert.Null(problem);
        Assert.Same(before, files.Current);
    }

    [Fact]
    public void A_new_certificate_is_taken_up()
    {
        using var renewed = authority.WriteTo(folder, "server");
        Assert.True(files.TryRenew(out _));
        Assert.Equal(renewed.Thumbprint, files.Current.Own.Thumbprint);
        Assert.True(files.Current.Own.HasPrivateKey);
        Assert.False(files.TryRenew(out _));
    }

    [Theory]
    [InlineData("certificate.pem", "nonsense", "cannot be used: ")]
    [InlineData("key.pem", "", "cannot be used: ")]
    [InlineData("authority.pem", "nonsense", "the file holds no certificate")]
    [InlineData("authority.pem", null, "cannot be read: ")]
    public void What_is_broken_is_told_once_and_leaves_the_one_before(string file, string? text, string expected)
    {
        var before = files.Current;
        var good = File.ReadAllText(PathOf(file));
        if (text is null)
            File.Delete(PathOf(file));
        else
            File.WriteAllText(PathOf(file), text);
        Assert.False(files.TryRenew(out var problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.False(files.TryRenew(out problem));
        Assert.Null(problem);
        Assert.Same(before, files.Current);

        File.WriteAllText(PathOf(file), good);
        Assert.True(files.TryRenew(out _));
        Assert.Equal(before.Own.Thumbprint, files.Current.Own.Thumbprint);
    }

    /// <summary>Between the copies of two files one is new and the other is not.</summary>
    [Fact]
    public void A_key_that_is_not_the_certificates_is_not_taken()
    {
        var before = files.Current;
        var certificate = File.ReadAllText(PathOf("certificate.pem"));
        using var renewed = authority.WriteTo(folder, "server");
        var itsCertificate = File.ReadAllText(PathOf("certificate.pem"));
        File.WriteAllText(PathOf("certificate.pem"), certificate);
        Assert.False(files.TryRenew(out var problem));
        Assert.NotNull(problem);
        Assert.Same(before, files.Current);
        File.WriteAllText(PathOf("certificate.pem"), itsCertificate);
        Assert.True(files.TryRenew(out _));
        Assert.Equal(renewed.Thumbprint, files.Current.Own.Thumbprint);
    }

    [Fact]
    public void A_certificate_that_fits_something_else_is_not_taken()
    {
        authority.WriteTo(folder, "other").Dispose();
        Assert.False(files.TryRenew(out var problem));
        Assert.Equal("another's", problem);
        Assert.Equal("CN=server", files.Current.Own.Subject);
    }

    /// <summary>It is looked at by a timer, where what is thrown ends the process.</summary>
    [Fact]
    public void A_certificate_that_cannot_be_judged_is_not_taken()
    {
        authority.WriteTo(folder, "garbled").Dispose();
        Assert.False(files.TryRenew(out var problem));
        Assert.Equal("cannot be used: no name", problem);
        Assert.False(files.TryRenew(out problem));
        Assert.Null(problem);
        Assert.Equal("CN=server", files.Current.Own.Subject);
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    private string PathOf(string file) => Path.Combine(folder.FullName, file);
}
