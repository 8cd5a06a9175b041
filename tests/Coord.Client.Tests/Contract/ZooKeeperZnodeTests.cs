using System.Net;
using System.Net.Sockets;

namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperZnodeTests(ZooKeeperFixture cluster) : ZnodeContract(cluster)
{
    /// <summary>
    /// Here and not in the contract: Coord keeps access control lists, and will check them in a later release.
    /// </summary>
    [Fact]
    public async Task What_its_creator_alone_may_see_is_refused_to_others()
    {
        var options = new CoordClientOptions();
        options.Auth.Add(AuthCredential.Digest("me", "secret"));
        var creator = Connect(options);
        await creator.CreateAsync(At("mine"), "bytes"u8.ToArray(), new CreateOptions { Acl = Acls.CreatorOnly }).Soon();

        Assert.Equal("bytes"u8.ToArray(), (await creator.GetAsync(At("mine")).Soon()).Bytes.ToArray());
        var error = await Assert.ThrowsAsync<NoAuthException>(
            () => Coord.GetAsync(At("mine"), ReadOptions.Fresh).Soon());
        Assert.Equal((Outcome.NotApplied, false), (error.Outcome, error.IsTransient));
    }

    /// <summary>The leader answers a sync of its own clients at once: fresh are the reads of a follower.</summary>
    protected override async Task<CoordClient> ConnectForFreshReadsAsync()
    {
        foreach (var host in Cluster.ConnectionString.Split(','))
        {
            if (await IsFollowerAsync(host).Soon())
                return Connect(hosts: host);
        }

        throw new InvalidOperationException("No node is a follower.");
    }

    private static async Task<bool> IsFollowerAsync(string host)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPEndPoint.Parse(host));
        await connection.Client.SendAsync("srvr"u8.ToArray());
        using var reader = new StreamReader(connection.GetStream());
        return (await reader.ReadToEndAsync()).Contains("Mode: follower", StringComparison.Ordinal);
    }
}
