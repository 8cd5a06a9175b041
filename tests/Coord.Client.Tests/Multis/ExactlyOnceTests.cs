using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Multis that are exactly once (client-sdk.md 8.2), by receipt and by number.</summary>
public sealed class ExactlyOnceTests : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3];

    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(true, FaultKind.DropReply)]
    [InlineData(true, FaultKind.DropRequest)]
    [InlineData(true, FaultKind.HoldBack)]
    [InlineData(false, FaultKind.DropReply)]
    [InlineData(false, FaultKind.DropRequest)]
    [InlineData(false, FaultKind.HoldBack)]
    public async Task A_multi_whose_reply_is_lost_is_applied_once(bool isNumbered, FaultKind fault)
    {
        await using var coord = Client(isNumbered);
        await coord.CreateAsync("/a").Soon();
        var hit = cluster.On(isNumbered ? OpCode.Once : OpCode.Multi, fault);

        var results = await coord.CreateMulti()
            .Set("/a", Bytes).Create("/b").Create("/s-", Bytes, CreateMode.PersistentSequential)
            .ExactlyOnce().CommitAsync().Soon();
        if (fault == FaultKind.HoldBack)
            hit.Deliver();

        Assert.Equal(["/a", "/b", "/s-0000000002"], results.Select(result => result.Path)
            .Select(path => isNumbered ? path : path.Replace("3", "2", StringComparison.Ordinal)));
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
        Assert.Single(cluster.Look(tree => tree.ChildrenOf("/").Where(name => name[0] == 's').ToList()));
    }

    /// <summary>Names of a sequence are found by the zxid that all of a multi has, however many there are.</summary>
    [Fact]
    public async Task Names_of_sequences_are_found_again_in_their_order()
    {
        await using var coord = Client(isNumbered: false);
        await coord.CreateMulti().Create("/s-", default, CreateMode.PersistentSequential).CommitAsync().Soon();
        cluster.On(OpCode.Multi, FaultKind.DropReply);

        var results = await coord.CreateMulti()
            .Create("/s-", new byte[1], CreateMode.PersistentSequential)
            .Create("/s-", new byte[2], CreateMode.PersistentSequential)
            .ExactlyOnce().CommitAsync().Soon();

        Assert.Equal([1, 2], results.Select(
            result => cluster.Look(tree => tree.Find(result.Path)!.Bytes.Length)));
    }

    [Fact]
    public async Task What_was_applied_and_is_gone_since_is_reported_as_applied()
    {
        await using var coord = Client(isNumbered: false);
        await coord.CreateMulti().Check("/").ExactlyOnce().CommitAsync().Soon();
        cluster.RefusesHandshakes = true;
        var hit = cluster.On(OpCode.Multi, FaultKind.DropReply);
        var commit = coord.CreateMulti().Create("/s-", default, CreateMode.PersistentSequential)
            .ExactlyOnce().CommitAsync().AsTask();
        await hit.Hit.Soon();

        cluster.Edit(tree =>
        {
            foreach (var name in tree.ChildrenOf("/").Where(name => name[0] == 's').ToList())
                tree.Delete($"/{name}", -1);
        });
        cluster.RefusesHandshakes = false;

        Assert.Equal(Outcome.Applied, (await Assert.ThrowsAsync<CoordException>(() => commit.Soon())).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_names_the_operation_of_the_caller(bool isNumbered)
    {
        await using var coord = Client(isNumbered);
        await coord.CreateAsync("/a").Soon();

        var error = await Assert.ThrowsAsync<MultiFailedException>(() => coord.CreateMulti()
            .Set("/a", Bytes).Check("/a", 7).ExactlyOnce().CommitAsync().Soon());

        Assert.Equal((1, "/a", ErrorCode.BadVersion), (error.Index, error.Path, error.Code));
        Assert.Equal(0, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_the_session_lost_as_well_the_outcome_is_unknown(bool isNumbered)
    {
        await using var coord = Client(isNumbered);
        await coord.CreateAsync("/a").Soon();
        await coord.CreateMulti().Check("/a").ExactlyOnce().CommitAsync().Soon();
        cluster.RefusesHandshakes = true;
        var hit = cluster.On(isNumbered ? OpCode.Once : OpCode.Multi, FaultKind.DropReply);
        var commit = coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().AsTask();
        await hit.Hit.Soon();

        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<SessionLostException>(() => commit.Soon());
        Assert.Equal(Outcome.Unknown, error.Outcome);
        await coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().Soon();
        Assert.Equal(2, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_receipt_that_somebody_deleted_is_made_again()
    {
        await using var coord = Client(isNumbered: false);
        await coord.CreateAsync("/a").Soon();
        await coord.CreateMulti().Check("/a").ExactlyOnce().CommitAsync().Soon();
        cluster.Edit(tree =>
        {
            foreach (var name in tree.ChildrenOf("/.coord/receipts").ToList())
                tree.Delete($"/.coord/receipts/{name}", -1);
        });

        await coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().Soon();

        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task Receipts_are_few_and_of_the_session()
    {
        var options = new CoordClientOptions { ReceiptPath = "/mine" };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        await coord.CreateAsync("/a").Soon();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().AsTask())).Soon();

        Assert.Equal(50, cluster.Look(tree => tree.Find("/a")!.Version));
        var receipts = cluster.Look(
            tree => tree.ChildrenOf("/mine").Select(name => tree.Find($"/mine/{name}")).ToList());
        Assert.InRange(receipts.Count, 1, 8);
        Assert.All(receipts, receipt => Assert.Equal(coord.Session.Id.Value, receipt!.Owner));
    }

    [Fact]
    public async Task A_reply_that_the_server_remembers_no_more_leaves_the_outcome_unknown()
    {
        await using var coord = Client(isNumbered: true);
        await coord.CreateAsync("/a").Soon();
        cluster.ForgetsReplies = true;
        cluster.On(OpCode.Once, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    /// <summary>A server that does not announce an extension is never sent it.</summary>
    [Fact]
    public async Task A_number_that_the_next_server_does_not_know_leaves_the_outcome_unknown()
    {
        await using var coord = Client(isNumbered: true);
        await coord.CreateAsync("/a").Soon();
        cluster.RefusesHandshakes = true;
        var hit = cluster.On(OpCode.Once, FaultKind.DropReply);
        var commit = coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().AsTask();
        await hit.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        var unsent = coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().AsTask();

        cluster.Features = null;
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<ConnectionLossException>(() => commit.Soon());
        Assert.Equal(Outcome.Unknown, error.Outcome);
        await unsent.Soon();
        Assert.Equal(2, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    /// <summary>Every reply and every request may be lost: each multi is applied once all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_at_once_over_a_bad_line_are_each_applied_once(bool isNumbered)
    {
        await using var coord = Client(isNumbered);
        await coord.CreateAsync("/a").Soon();
        var random = new Random(7);
        cluster.Randomly(op => op is OpCode.Multi or OpCode.Once && random.Next(10) == 0
            ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
            : null);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(
            _ => coord.CreateMulti().Set("/a", Bytes).ExactlyOnce().CommitAsync().AsTask())).Soon();

        Assert.Equal(300, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    private CoordClient Client(bool isNumbered)
    {
        cluster.Features = isNumbered ? "dedupe" : null;
        return new CoordClient(
            cluster.ConnectionString, new CoordClientOptions
            {
                RequestTimeout = Timeout.InfiniteTimeSpan, SessionTimeout = TimeSpan.FromMinutes(5),
            });
    }
}
