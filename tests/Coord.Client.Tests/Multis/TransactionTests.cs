using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Transactions, where others get in between (client-sdk.md 8.3).</summary>
public sealed class TransactionTests : IDisposable
{
    private static readonly byte[] Bytes = [7];

    private readonly ScriptedCluster cluster = new();
    private readonly CoordClient coord;

    public TransactionTests() => coord = new CoordClient(cluster.ConnectionString);

    public void Dispose()
    {
        coord.DisposeAsync().AsTask().Wait();
        cluster.Dispose();
    }

    [Fact]
    public async Task A_body_runs_again_when_what_it_read_has_changed()
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        var seen = await coord.TransactAsync(async (tx, ct) =>
        {
            var version = (await tx.GetAsync("/a", ct)).Stat.Version;
            if (++runs == 1)
                cluster.Edit(tree => tree.Set("/a", [], -1));
            tx.Create("/b", Bytes);
            return version;
        }).Soon();

        Assert.Equal((2, 1), (runs, seen));
        Assert.Equal(Bytes, cluster.Look(tree => tree.Find("/b")!.Bytes));
    }

    [Theory]
    [InlineData("/new")]
    [InlineData("/new/deeper/still")]
    public async Task What_was_read_as_absent_is_guarded(string path)
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        var wasThere = await coord.TransactAsync(async (tx, ct) =>
        {
            var found = await tx.TryGetAsync(path, ct) is not null;
            if (++runs == 1)
                Make(path);
            tx.Set("/a", Bytes);
            return found;
        }).Soon();

        Assert.Equal((2, true), (runs, wasThere));
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task Absence_is_guarded_without_leaving_anything_behind()
    {
        await coord.CreateAsync("/a").Soon();

        await coord.TransactAsync(async (tx, ct) =>
        {
            Assert.Null(await tx.TryGetAsync("/ghost/child", ct));
            tx.Set("/a", Bytes);
            return 0;
        }).Soon();

        Assert.Null(cluster.Look(tree => tree.Find("/ghost")));
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task What_is_absent_can_be_created_with_its_parents()
    {
        await coord.TransactAsync(async (tx, ct) =>
        {
            Assert.Null(await tx.TryGetAsync("/p/q", ct));
            tx.Create("/p");
            tx.Create("/p/q", Bytes);
            return 0;
        }).Soon();

        Assert.Equal(Bytes, cluster.Look(tree => tree.Find("/p/q")!.Bytes));
    }

    [Fact]
    public async Task A_conflict_every_time_ends_in_its_exception_and_nothing_is_written()
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        var error = await Assert.ThrowsAsync<TransactionConflictException>(() => coord.TransactAsync(
            async (tx, ct) =>
            {
                runs++;
                await tx.GetAsync("/a", ct);
                cluster.Edit(tree => tree.Set("/a", [], -1));
                tx.Create("/b");
                return 0;
            }, new TransactOptions { MaxAttempts = 3 }).Soon());

        Assert.Equal((3, 3, "/a"), (runs, error.Attempts, error.Path));
        Assert.Equal((Outcome.NotApplied, true), (error.Outcome, error.IsTransient));
        Assert.Null(cluster.Look(tree => tree.Find("/b")));
    }

    /// <summary>A write that nothing read covers says the same however often it is tried.</summary>
    [Fact]
    public async Task A_write_that_fails_by_itself_is_not_tried_again()
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        var error = await Assert.ThrowsAsync<MultiFailedException>(() => coord.TransactAsync(
            (tx, _) =>
            {
                runs++;
                tx.Create("/a");
                return ValueTask.FromResult(0);
            }).Soon());

        Assert.Equal((1, ErrorCode.NodeExists), (runs, error.Code));
    }

    [Fact]
    public async Task An_exception_of_the_body_counts_only_if_what_it_had_read_stands()
    {
        await coord.CreateAsync("/a").Soon();
        var runs = 0;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => coord.TransactAsync<int>(
            async (tx, ct) =>
            {
                await tx.GetAsync("/a", ct);
                if (++runs == 1)
                    cluster.Edit(tree => tree.Set("/a", [], -1));
                tx.Set("/a", Bytes);
                throw new InvalidOperationException($"run {runs}");
            }).Soon());

        Assert.Equal("run 2", error.Message);
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_lost_reply_of_the_commit_is_no_reason_to_run_again()
    {
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.Multi, FaultKind.DropReply);
        var runs = 0;

        await coord.TransactAsync(async (tx, ct) =>
        {
            runs++;
            await tx.GetAsync("/a", ct);
            tx.Set("/a", Bytes);
            return 0;
        }).Soon();

        Assert.Equal(1, runs);
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_transaction_without_exactly_once_leaves_a_lost_reply_unknown()
    {
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.Multi, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<ConnectionLossException>(() => coord.TransactAsync(
            (tx, _) =>
            {
                tx.Set("/a", Bytes);
                return ValueTask.FromResult(0);
            }, new TransactOptions { ExactlyOnce = false }).Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task Misuse_of_a_transaction_is_told_at_once()
    {
        await coord.CreateAsync("/a").Soon();
        ITransaction? kept = null;

        await coord.TransactAsync(async (tx, ct) =>
        {
            kept = tx;
            Assert.Same(await tx.GetAsync("/a", ct), await tx.GetAsync("/a", ct));
            await Assert.ThrowsAsync<NoNodeException>(async () => await tx.GetAsync("/b", ct));
            Assert.Throws<NodeExistsException>(() => tx.Create("/a"));
            Assert.Throws<NoNodeException>(() => tx.Delete("/b"));
            tx.Set("/a2", Bytes);
            Assert.Throws<InvalidOperationException>(() => tx.Delete("/a2"));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await tx.GetAsync("/a2", ct));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await tx.GetChildrenAsync("/", ct));
            Assert.Throws<ArgumentException>(() => tx.Create("b"));
            Assert.Throws<ArgumentException>(() => tx.Set("/zookeeper/x", Bytes));
            Make("/a2");
            return 0;
        }).Soon();

        Assert.Throws<ObjectDisposedException>(() => kept!.Set("/c", Bytes));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await kept!.GetAsync("/a"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => coord.TransactAsync<int>(null!).Soon());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => coord.TransactAsync(
            (_, _) => ValueTask.FromResult(0), new TransactOptions { MaxAttempts = 0 }).Soon());
    }

    [Fact]
    public async Task Lists_of_children_are_read_where_that_was_said()
    {
        await coord.CreateAsync("/a").Soon();

        var names = await coord.TransactAsync(
            async (tx, ct) => (await tx.GetChildrenAsync("/", ct)).Names,
            new TransactOptions { AllowPhantoms = true }).Soon();

        Assert.Equal(["a"], names);
    }

    private void Make(string path) => cluster.Edit(tree =>
    {
        for (var end = path.IndexOf('/', 1); ; end = path.IndexOf('/', end + 1))
        {
            var part = end < 0 ? path : path[..end];
            tree.Create(ref part, [], CreateMode.Persistent, 0);
            if (end < 0)
                return;
        }
    });
}
