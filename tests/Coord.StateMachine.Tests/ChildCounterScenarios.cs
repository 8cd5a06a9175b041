using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>The counter of children, raised when a tree is moved here (docs/internals/extensions.md).</summary>
public class ChildCounterScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public ChildCounterScenarios() => _session = _driver.Connect();

    [Fact]
    public void Sequential_names_go_on_at_the_raised_number()
    {
        Do(new Create("/q"));
        Do(new Create("/q/n-", "", Flags: 2));
        var before = _driver.Stat("/q");
        var reply = Do(new Counter("/q", 4_711));
        Assert.Equal(before with { Cversion = (2 * 4_711) - 1 }, _driver.Stat("/q"));
        Assert.Equal(new Wire().Stat(_driver.Stat("/q")).ToArray(), reply.Body);
        Assert.Empty(reply.Changes);
        Assert.Equal("/q/n-0000004711", Do(new Create("/q/n-", "", Flags: 2)).CreatedPath());
        var later = new TreeDriver(Snapshots.Load(Snapshots.Of(_driver.Tree))) { NextSequence = _driver.NextSequence };
        Assert.Equal("/q/n-0000004712", later.Do(_session, new Create("/q/n-", "", Flags: 2)).CreatedPath());
    }

    [Fact]
    public void A_lower_number_changes_nothing()
    {
        Do(new Create("/q"));
        Do(new Counter("/q", 10));
        Do(new Counter("/q", 3));
        Assert.Equal("/q/n-0000000010", Do(new Create("/q/n-", "", Flags: 2)).CreatedPath());
    }

    [Theory]
    [InlineData("/none", 1, ErrorCode.NoNode)]
    [InlineData("q", 1, ErrorCode.BadArguments)]
    [InlineData(null, 1, ErrorCode.BadArguments)]
    [InlineData("/q", -1, ErrorCode.BadArguments)]
    [InlineData("/q", long.MaxValue, ErrorCode.BadArguments)]
    [InlineData("/locked", 1, ErrorCode.NoAuth)]
    [InlineData("/zookeeper/config", 1, ErrorCode.NoAuth)]
    [InlineData("/zookeeper/coord/features", 1, ErrorCode.NoAuth)]
    [InlineData("/q", long.MaxValue / 4, ErrorCode.Ok)]
    public void What_cannot_be_raised_is_refused(string? path, long created, ErrorCode error)
    {
        Do(new Create("/q"));
        Do(new Create("/locked") { Acl = [(15, "world", "anyone")] });
        var reply = _driver.Run(_session, new Counter(path, created));
        Assert.Equal((error, error == ErrorCode.Ok), (reply.Error, reply.Body.Length > 0));
        Assert.Equal(error == ErrorCode.Ok ? created : 0, _driver.Tree.Store.RareOf(Slot()).ChildrenCreated);
    }

    // Danger: the counter and the znode's place with its session are mistaken for each other.
    [Fact]
    public void An_ephemeral_with_a_counter_ends_with_its_session()
    {
        var other = _driver.Connect();
        foreach (var path in new[] { "/e", "/q", "/f" })
            _driver.Do(other, new Create(path, "", Flags: 1));
        Do(new Counter("/q", 5));
        Do(new Delete("/e"));
        Assert.Equal(5, _driver.Tree.Store.RareOf(Slot()).ChildrenCreated);
        _driver.Close(other);
        Assert.Equal((ErrorCode.NoNode, 0), (_driver.Tree.Exists("/q"u8, out _), _driver.Tree.EphemeralCount));
    }

    [Fact]
    public void It_is_no_part_of_a_multi()
    {
        Do(new Create("/q"));
        Assert.Equal(
            ErrorCode.MarshallingError, _driver.Run(_session, new Multi(new Counter("/q", 5))).Error);
    }

    [Fact]
    public void Both_digests_see_it()
    {
        Do(new Create("/q"));
        var twin = Snapshots.Load(Snapshots.Of(_driver.Tree));
        Do(new Counter("/q", 5));
        twin.Apply(_driver.NextIndex - 1, _driver.Log[^1].Entry);
        Assert.Equal(
            (_driver.Tree.RollingDigest, _driver.Tree.ContentHash()), (twin.RollingDigest, twin.ContentHash()));
        twin.Store.OwnRare(Slot()).ChildrenCreated++;
        Assert.NotEqual(_driver.Tree.ContentHash(), twin.ContentHash());
    }

    private int Slot() => _driver.Tree.Store.Find("/q"u8);

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);
}
