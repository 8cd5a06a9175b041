namespace Coord.Client.Tests;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("localhost", "localhost:2181", "/")]
    [InlineData("h1:2181,h2:2182/app/x", "h1:2181,h2:2182", "/app/x")]
    [InlineData("coord://h1,h2:99/", "h1:2181,h2:99", "/")]
    [InlineData("[::1]:2182,[fe80::1]", "[::1]:2182,[fe80::1]:2181", "/")]
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
