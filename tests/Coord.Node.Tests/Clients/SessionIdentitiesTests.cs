using System.Net;
using System.Text;
using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>Identities as entries carry them (zookeeper-protocol 8.2).</summary>
public sealed class SessionIdentitiesTests
{
    [Fact]
    public void A_connection_begins_with_its_address()
    {
        var identities = SessionIdentities.Of(IPAddress.Parse("10.1.2.3"));
        Assert.Equal("\0\0\0\u0001\0\0\0\u0002ip\0\0\0\u000810.1.2.3", Encoding.ASCII.GetString(identities));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("::1", "0:0:0:0:0:0:0:1")]
    [InlineData("fe80::a0b:1%3", "fe80:0:0:0:0:0:a0b:1")]
    public void An_address_is_written_as_Java_writes_it(string address, string spelt) =>
        Assert.Equal(spelt, SessionIdentities.Spell(IPAddress.Parse(address)));

    [Fact]
    public void An_identity_shown_twice_is_kept_once()
    {
        var one = SessionIdentities.With(SessionIdentities.Of(IPAddress.Loopback), "digest", "u:hash");
        var two = SessionIdentities.With(one, "digest", "v:hash");
        Assert.Same(two, SessionIdentities.With(two, "digest", "u:hash"));
        Assert.Equal(["ip 127.0.0.1", "digest u", "digest v"], Users(two));
        Assert.Equal(["ip 127.0.0.1", "digest u"], Users(one)); // Requests under way keep what held when they came.
    }

    [Fact]
    public void The_hash_of_a_password_is_shown_to_nobody_and_other_names_are_shown_whole()
    {
        var identities = SessionIdentities.With([], "digest", "u:hash");
        identities = SessionIdentities.With(identities, "x509", "CN=a:b");
        identities = SessionIdentities.With(identities, "super", "");
        Assert.Equal(["digest u", "x509 CN=a:b", "super "], Users(identities));
        Assert.True(SessionIdentities.HasScheme(identities, "x509"));
        Assert.False(SessionIdentities.HasScheme(identities, "ip"));
        Assert.False(SessionIdentities.HasScheme([], "ip"));
    }

    private static List<string> Users(byte[] identities)
    {
        var users = new List<string>();
        foreach (var identity in SessionIdentities.Users(identities))
            users.Add($"{Encoding.UTF8.GetString(identity.Scheme)} {Encoding.UTF8.GetString(identity.User)}");
        return users;
    }
}
