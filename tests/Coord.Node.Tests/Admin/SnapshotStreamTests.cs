using Coord.Node.Admin.Commands;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Tests.Admin;

/// <summary>
/// <c>GET /commands/snapshot</c>: for the super user, one at a time, and whole (zookeeper-protocol 10.4). That an
/// import reads it is shown by tests/Interop.
/// </summary>
public sealed class SnapshotStreamTests : IReplicaInbox
{
    private const string Folder = "/snapshots";
    private const long Index = 0x73; // What the node of these tests has applied.

    private readonly TestFacts node = new();
    private readonly SimulatedDisk disk = new(1);
    private readonly SnapshotStore store;
    private int ordered;

    public SnapshotStreamTests()
    {
        disk.CreateDirectory(Folder);
        store = new SnapshotStore(disk, Folder, cluster: 5, NodeLimits.Default);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("snap")]
    [InlineData("snapshot?streaming=true")]
    public async Task The_file_is_sent_as_it_is_with_its_zxid_and_size(string path)
    {
        var file = Take(Index);
        var (code, body, headers) = await AskAsync(path);
        Assert.Equal(StatusCodes.Status200OK, code);
        Assert.Equal(file, body);
        Assert.Equal("0x73", headers["last_zxid"]);
        Assert.Equal($"{file.Length}", headers["snapshot_size"]);
        Assert.Equal(file.Length, headers.ContentLength);
        Assert.Equal("application/octet-stream", headers.ContentType);
        Assert.Equal(0, ordered); // The newest one holds all that is applied.
    }

    [Theory]
    [InlineData("snapshot?streaming=false", "GET")]
    [InlineData("snapshot", "HEAD")]
    public async Task Without_streaming_it_is_only_taken(string path, string method)
    {
        Take(Index);
        var (code, body, headers) = await AskAsync(path, method);
        Assert.Equal((StatusCodes.Status200OK, 0), (code, body.Length));
        Assert.Equal("0x73", headers["last_zxid"]);
    }

    [Fact]
    public async Task Another_one_is_refused_while_one_is_under_way_and_not_afterwards()
    {
        var application = NewApplication();
        node.Status = TestFacts.Leader with { SnapshotIndex = 0x40 };
        var first = AskAsync("snapshot", application: application);
        Assert.Equal(1, Volatile.Read(ref ordered));
        var (code, body, _) = await AskAsync("snapshot", application: application);
        Assert.Equal(StatusCodes.Status429TooManyRequests, code);
        Assert.Contains("a snapshot is being sent; ask again later", Text(body), StringComparison.Ordinal);

        var file = Take(Index);
        Assert.Equal(file, (await first).Body);
        Assert.Equal(file, (await AskAsync("snapshot", application: application)).Body);
    }

    [Fact]
    public async Task Who_goes_away_while_it_is_taken_leaves_the_way_free_for_others()
    {
        var application = NewApplication();
        node.Status = TestFacts.Leader with { SnapshotIndex = 0x40 };
        using var gone = new CancellationTokenSource();
        var first = AskAsync("snapshot", application: application, gone: gone.Token);
        await gone.CancelAsync();
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (await first).Code);
        var file = Take(Index);
        Assert.Equal(file, (await AskAsync("snapshot", application: application)).Body);
    }

    [Theory]
    [InlineData(null, StatusCodes.Status401Unauthorized)]
    [InlineData("digest super:wrong", StatusCodes.Status401Unauthorized)]
    [InlineData("Basic c3VwZXI6c2VjcmV0", StatusCodes.Status401Unauthorized)]
    public async Task A_stranger_gets_nothing_and_orders_nothing(string? authorization, int expected)
    {
        node.Status = TestFacts.Leader with { SnapshotIndex = 0x40 };
        var (code, body, _) = await AskAsync("snapshot", authorization: authorization);
        Assert.Equal(expected, code);
        Assert.Contains("Authorization: digest user:password", Text(body), StringComparison.Ordinal);
        Assert.Equal(0, ordered);
    }

    [Fact]
    public async Task A_node_that_takes_no_part_yet_has_none()
    {
        var (code, body, _) = await AskAsync("snapshot", application: NewApplication(isRunning: false));
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, code);
        Assert.Contains("not currently serving", Text(body), StringComparison.Ordinal);
    }

    void IReplicaInbox.Post(ReplicaInput input)
    {
        Assert.IsType<SnapshotWanted>(input);
        Interlocked.Increment(ref ordered);
    }

    private static string Text(byte[] body) => System.Text.Encoding.UTF8.GetString(body);

    private byte[] Take(long index)
    {
        using var writer = store.BeginWrite(new LogIndex(index), new Term(3));
        writer.Append(new byte[100_000]);
        var made = writer.Complete();
        node.Status = TestFacts.Leader with { SnapshotIndex = index };
        return disk.ReadAll($"{Folder}/{SnapshotFormat.FileName(made.Id)}");
    }

    private Node.Admin.AdminApplication NewApplication(bool isRunning = true)
    {
        var orders = new Node.Admin.AdminOrders(() => null, node.Facts.Settings.SuperUser, node.Facts.Status);
        return new Node.Admin.AdminApplication(
            node.Facts, orders, () => isRunning ? new SnapshotFiles(store, this) : null);
    }

    private async Task<(int Code, byte[] Body, IHeaderDictionary Headers)> AskAsync(
        string path, string method = "GET", string? authorization = "digest " + TestFacts.Credentials,
        Node.Admin.AdminApplication? application = null, CancellationToken gone = default)
    {
        var context = new DefaultHttpContext { RequestAborted = gone };
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.Request.Method = method;
        context.Request.Path = "/commands/" + path.Split('?')[0];
        context.Request.QueryString = new QueryString(path.Contains('?') ? path[path.IndexOf('?')..] : "");
        if (authorization is not null)
            context.Request.Headers.Authorization = authorization;
        await (application ?? NewApplication()).ProcessRequestAsync(context);
        return (context.Response.StatusCode, body.ToArray(), context.Response.Headers);
    }
}
