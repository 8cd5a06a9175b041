using System.Net;
using System.Text;
using Coord.Node.Admin;
using Coord.Node.Audit;
using Coord.Node.Tests.Audit;
using Coord.Raft;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Tests.Admin;

/// <summary>What the audit log says of the admin port: who ordered what, from where, and how it ended.</summary>
public sealed class AdminAuditTests
{
    private const string Right = "digest super:secret";

    private readonly TestFacts node = new();
    private readonly Cluster cluster = new();
    private readonly ListLogger lines = new();

    [Theory]
    [InlineData("POST", "members/add?id=4", "members/add node=4")]
    [InlineData("POST", "members/remove?id=2&force=true", "members/remove node=2")]
    [InlineData("POST", "members/replace?id=2", "members/replace node=2")]
    [InlineData("POST", "transfer?to=3", "transfer node=3")]
    [InlineData("POST", "transfer", "transfer")]
    [InlineData("GET", "stat_reset", "stat_reset")]
    [InlineData("GET", "crst", "crst")]
    public async Task What_was_done_is_told(string method, string call, string told)
    {
        await AskAsync(method, call, Right);
        Assert.Equal([Line("super", told, "success")], lines.Spaced);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("digest super:wrong", "super")]
    [InlineData("digest mallory:guess", "mallory")]
    [InlineData("digest secret", "")]
    [InlineData("Basic c3VwZXI6c2VjcmV0", "")]
    public async Task Who_is_refused_is_told_without_a_password(string? authorization, string user)
    {
        await AskAsync("POST", "members/remove?id=2", authorization);
        Assert.Equal([Line(user, "members/remove node=2", "failure")], lines.Spaced);
        Assert.Empty(cluster.Orders);
    }

    [Theory]
    [InlineData("members/add")]
    [InlineData("members/add?id=4&id=5")]
    [InlineData("restore")]
    [InlineData("shed")]
    public async Task What_makes_no_sense_or_cannot_be_done_has_failed(string call)
    {
        await AskAsync("POST", call, Right);
        Assert.Equal([Line("super", call.Split('?')[0], "failure")], lines.Spaced);
    }

    [Fact]
    public async Task What_the_cluster_refused_has_failed_and_what_is_not_known_was_invoked()
    {
        cluster.Answer = _ => Task.FromResult(new AdminAnswer(AdminOutcome.Refused, "no quorum"));
        await AskAsync("POST", "members/remove?id=2", Right);
        cluster.Answer = _ => Task.FromResult(new AdminAnswer(AdminOutcome.Unknown, "the leader changed"));
        await AskAsync("POST", "members/remove?id=2", Right);
        Assert.Equal(
            [Line("super", "members/remove node=2", "failure"), Line("super", "members/remove node=2", "invoked")],
            lines.Spaced);
    }

    /// <summary>The order goes on without whoever gave it.</summary>
    [Fact]
    public async Task An_order_whose_caller_went_away_was_invoked()
    {
        cluster.Answer = gone => Task.FromCanceled<AdminAnswer>(gone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AskAsync("POST", "transfer", Right, new CancellationToken(canceled: true)));
        Assert.Equal([Line("super", "transfer", "invoked")], lines.Spaced);
    }

    /// <summary>The leader tells of it when the call arrives there.</summary>
    [Fact]
    public async Task A_call_that_is_sent_to_the_leader_is_told_there()
    {
        cluster.Answer = _ =>
            Task.FromResult(new AdminAnswer(AdminOutcome.NotLeader, "node 3 leads", "127.0.0.1:8083"));
        await AskAsync("POST", "transfer", Right);
        Assert.Empty(lines.Spaced);
    }

    [Fact]
    public async Task Whoever_wanted_the_whole_tree_as_a_snapshot_is_told_and_who_only_looks_is_not()
    {
        await AskAsync("GET", "snapshot?streaming=true", "digest mallory:guess");
        await AskAsync("GET", "raft", null);
        await AskAsync("GET", "stats", null);
        await AskAsync("GET", "members/add?id=4", Right);
        await AskAsync("GET", "nonsense", null);
        Assert.Equal([Line("mallory", "snapshot", "failure")], lines.Spaced);
    }

    [Fact]
    public async Task A_name_cannot_forge_a_line()
    {
        await AskAsync("POST", "transfer", "digest x\ny:secret");
        Assert.Equal([Line("x?y", "transfer", "failure")], lines.Spaced);
    }

    private static string Line(string user, string told, string result)
    {
        var parts = told.Split(' ', 2);
        return $"audit: session=0x0 user=10.0.0.9{(user.Length == 0 ? "" : $",{user}")} ip=10.0.0.9 "
            + $"operation={parts[0]}{(parts.Length == 1 ? "" : $" {parts[1]}")} result={result}";
    }

    private async Task AskAsync(string method, string call, string? authorization, CancellationToken gone = default)
    {
        var context = new DefaultHttpContext { RequestAborted = gone };
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.9");
        context.Response.Body = new MemoryStream();
        context.Request.Method = method;
        context.Request.Path = "/commands/" + call.Split('?')[0];
        context.Request.QueryString = new QueryString(call.Contains('?') ? call[call.IndexOf('?')..] : "");
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{}"));
        if (authorization is not null)
            context.Request.Headers.Authorization = authorization;
        using var audit = new AuditLog(NodeLimits.Default, lines);
        var orders = new AdminOrders(() => cluster, node.Facts.Settings.SuperUser, node.Facts.Status);
        await new AdminApplication(node.Facts, orders, () => null, new AdminAudit(audit))
            .ProcessRequestAsync(context);
    }

    private sealed class Cluster : IReplicaAdministration
    {
        public List<string> Orders { get; } = [];

        public Func<CancellationToken, Task<AdminAnswer>> Answer { get; set; } =
            _ => Task.FromResult(new AdminAnswer(AdminOutcome.Done, "as ordered"));

        public Task<AdminAnswer> AddAsync(NodeId node, CancellationToken cancellation) => Note("add", cancellation);

        public Task<AdminAnswer> RemoveAsync(NodeId node, bool force, CancellationToken cancellation) =>
            Note("remove", cancellation);

        public Task<AdminAnswer> ReplaceAsync(NodeId node, bool force, CancellationToken cancellation) =>
            Note("replace", cancellation);

        public Task<AdminAnswer> TransferAsync(NodeId? to, CancellationToken cancellation) =>
            Note("transfer", cancellation);

        private Task<AdminAnswer> Note(string order, CancellationToken cancellation)
        {
            Orders.Add(order);
            return Answer(cancellation);
        }
    }
}
