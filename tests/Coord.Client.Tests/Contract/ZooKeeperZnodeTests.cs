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
}
