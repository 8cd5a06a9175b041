namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordTransactionTests(CoordFixture cluster) : TransactionContract(cluster)
{
    // Extension check-children: ZooKeeper has nothing to guard a list with.
    [Fact]
    public async Task No_more_are_made_than_a_list_that_was_read_has_room_for()
    {
        const int Seats = 12;
        await Coord.CreateAsync(At("seats")).Soon();
        CoordClient[] clients = [Coord, Connect(), Connect()];
        var patient = new TransactOptions { MaxAttempts = 1000 };

        var taken = await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, 6).Select(
            _ => client.TransactAsync(async (tx, ct) =>
            {
                if ((await tx.GetChildrenAsync(At("seats"), ct)).Names.Count >= Seats)
                    return 0;
                tx.Create(At($"seats/{Guid.NewGuid():N}"));
                return 1;
            }, patient).AsTask()))).Soon();

        Assert.Equal(Seats, taken.Sum());
        Assert.Equal(Seats, (await Coord.GetChildrenAsync(At("seats"), ReadOptions.Fresh).Soon()).Names.Count);
    }
}
