namespace Coord.Client.Tests;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("localhost", "localhost:2181", "/")]
    [InlineData("h1:2181,h2:2182/app/x", "h1:2181,h2:2182", "/app/x")]
    [InlineData("coord://h1,h2:99/", "h1:2181,h2:99", "/")]
    [InlineData("[::1]:2182,[fe80::1]", "[::1]:2182,[fe80::1]:2181", "/")]
    [InlineData("coords://h1,h2:99,[::1]", "h1:2281,h2:99,[::1]:2281", "/")]
    [InlineData("coord://me:s3cr%40t@h1/a?sessionTimeout=500ms", "h1:2181", "/a")]
    public void Hosts_and_chroot_are_read(string text, string hosts, string chroot)
    {
        var parsed = ConnectionString.Parse(text);

        Assert.Equal(hosts, string.Join(',', parsed.Endpoints));
        Assert.Equal(chroot, parsed.Chroot);
    }

    [Fact]
    public void Every_name_of_the_query_is_read()
    {
        var parsed = ConnectionString.Parse(
            "h?sessionTimeout=10s&connectTimeout=500ms&requestTimeout=1m"
            + "&consistency=linearizable&readOnly=true&name=till%207");

        Assert.Equal(TimeSpan.FromSeconds(10), parsed.SessionTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), parsed.ConnectTimeout);
        Assert.Equal(TimeSpan.FromMinutes(1), parsed.RequestTimeout);
        Assert.Equal(ReadConsistency.Linearizable, parsed.Consistency);
        Assert.True(parsed.ReadOnly);
        Assert.Equal("till 7", parsed.Name);
    }

    [Fact]
    public void Names_of_TLS_are_read()
    {
        var parsed = ConnectionString.Parse("coords://h?tlsCa=ca.pem&tlsCert=own.pem&tlsKey=/keys/own%20key.pem");

        Assert.True(parsed.IsTls);
        Assert.Equal(("ca.pem", "own.pem", "/keys/own key.pem"), (parsed.TlsCa, parsed.TlsCert, parsed.TlsKey));
        Assert.StartsWith("coords://", parsed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_TLS_are_looked_at_when_the_client_is_made()
    {
        var error = Assert.Throws<ArgumentException>(() => new CoordClient("coords://h?tlsCa=no-such-file.pem"));

        Assert.Contains("tlsCa: no-such-file.pem", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "list of hosts")]
    [InlineData("h1,,h2", "empty host")]
    [InlineData("h1:0", "port")]
    [InlineData("h1:65536", "port")]
    [InlineData("h1:x", "port")]
    [InlineData("h1/a/../b", "chroot")]
    [InlineData("h1/a/", "chroot")]
    [InlineData("h1?speed=9", "speed")]
    [InlineData("h1?name=a&name=b", "twice")]
    [InlineData("h1?sessionTimeout=10", "sessionTimeout")]
    [InlineData("h1?sessionTimeout=ms", "sessionTimeout")]
    [InlineData("h1?consistency=1", "consistency")]
    [InlineData("http://h1", "scheme")]
    [InlineData("h1?tlsCa=ca.pem", "coords")]
    [InlineData("coords://h1?tlsCert=own.pem", "tlsKey")]
    [InlineData("coords://h1?tlsCa=", "tlsCa")]
    [InlineData("secret@h1", "credentials")]
    public void A_wrong_part_is_named(string text, string named)
    {
        var error = Assert.Throws<ArgumentException>(() => ConnectionString.Parse(text));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_never_shown()
    {
        var parsed = ConnectionString.Parse("coord://me:hunter2@h1:2181/a");

        Assert.DoesNotContain("hunter2", parsed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", parsed.Credential!.ToString(), StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => ConnectionString.Parse("coord://me:hunter2@h1:0"));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        var options =
            new CoordClientOptions { SessionTimeout = TimeSpan.Zero, MaxInFlight = 0, SessionDeadlineMargin = 0.6 };

        var error = Assert.Throws<ArgumentException>(() => new CoordClient("h1", options));

        Assert.Contains("SessionTimeout", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxInFlight", error.Message, StringComparison.Ordinal);
        Assert.Contains("SessionDeadlineMargin", error.Message, StringComparison.Ordinal);
    }
}
