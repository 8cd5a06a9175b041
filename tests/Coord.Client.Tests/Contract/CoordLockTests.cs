using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordLockTests(CoordFixture cluster) : LockContract(cluster)
{
    // Extension create-rank: ZooKeeper tells no places.
    [Fact]
    public async Task A_create_tells_the_place_among_the_contenders()
    {
        await Coord.CreateAsync(At("line")).Soon();
        var line = ContenderLine.ReadWrite;
        var first = await ContendAsync(line, ContenderLine.WriteName);
        await ContendAsync(line, ContenderLine.ReadName);
        var third = await ContendAsync(line, ContenderLine.ReadName);
        var fourth = await ContendAsync(line, ContenderLine.WriteName);

        Assert.Equal(new ZnodeRank(0, null), first.Rank);
        Assert.Equal(new ZnodeRank(2, ZnodePath.Name(first.Path)), third.Rank);
        Assert.Equal(new ZnodeRank(3, ZnodePath.Name(third.Path)), fourth.Rank);
    }

    private ValueTask<CreatedZnode> ContendAsync(ContenderLine line, string mark) => Coord.CreateAsync(
        At($"line/{mark}"), default, new CreateOptions
        {
            Mode = CreateMode.EphemeralSequential, Protected = true, Rank = line.QuestionOf(mark),
        });
}
