using System.Text;
using System.Text.Json;
using Coord.Node.Admin;
using Coord.Node.Hosting;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Tests.Admin;

/// <summary>Who may change the cluster over HTTP, and what the answers say (design.md section 7).</summary>
public sealed class AdminOrdersTests
{
    private const string Credentials = "super:secret";
    private readonly RecordedAdministration cluster = new();
    private NodeStatus status = new();

    /// <summary>The digest of "super:test" is known from ZooKeeper's guides.</summary>
    [Fact]
    public void A_digest_is_the_one_that_ZooKeeper_makes()
    {
        Assert.Equal("super:D/InIHSb7yEEbrWz8b9l71RjZJU=", SuperUser.DigestOf("super:test"));
        Assert.True(SuperUser.IsDigest(SuperUser.DigestOf(Credentials)));
        Assert.False(SuperUser.IsDigest("super:secret"));
        Assert.False(SuperUser.IsDigest("x5yOIAqIFOxsqDnTM8eGjYWXTnM="));
    }

    [Fact]
    public async Task Without_a_super_user_nothing_changes_and_the_answer_names_the_setting()
    {
        var (code, body, _) = await PostAsync("/commands/members/add?id=4", "digest " + Credentials, superUser: null);
        Assert.Equal(StatusCodes.Status403Forbidden, code);
        Assert.Contains("zookeeper:DigestAuthenticationProvider.superDigest", Error(body), StringComparison.Ordinal);
        Assert.Empty(cluster.Orders);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("digest super:wrong")]
    [InlineData("digest root:secret")]
    [InlineData("Basic c3VwZXI6c2VjcmV0")]
    [InlineData("digest")]
    public async Task Without_its_name_and_password_nothing_changes(string? authorization)
    {
        var (code, body, headers) = await PostAsync("/commands/members/add?id=4", authorization);
        Assert.Equal(StatusCodes.Status401Unauthorized, code);
        Assert.Equal("digest", headers.WWWAuthenticate);
        Assert.Contains("Authorization: digest user:password", Error(body), StringComparison.Ordinal);
        Assert.Empty(cluster.Orders);
    }

    [Theory]
    [InlineData("/commands/members/add?id=4", "add 4")]
    [InlineData("/commands/members/remove?id=2", "remove 2")]
    [InlineData("/commands/members/remove?id=2&force=true", "remove 2 forced")]
    [InlineData("/commands/members/replace?id=2&force=false", "replace 2")]
    [InlineData("/commands/transfer?to=3", "transfer 3")]
    [InlineData("/commands/transfer", "transfer any")]
    public async Task The_super_user_is_obeyed(string path, string order)
    {
        var (code, body, _) = await PostAsync(path, "Digest " + Credentials);
        Assert.Equal(StatusCodes.Status200OK, code);
        Assert.Equal([order], cluster.Orders);
        Assert.Null(Error(body));
        Assert.Equal(("done", "as ordered"), (Field(body, "outcome"), Field(body, "message")));
        Assert.Equal(path.Split('?')[0]["/commands/".Length..], Field(body, "command"));
    }

    [Theory]
    [InlineData("/commands/members/add", "id")]
    [InlineData("/commands/members/add?id=0", "id")]
    [InlineData("/commands/members/add?id=four", "id")]
    [InlineData("/commands/members/add?id=4&id=5", "id")]
    [InlineData("/commands/members/add?id=4&force=true", "force")]
    [InlineData("/commands/members/remove?id=4&force=yes", "force")]
    [InlineData("/commands/transfer?id=4", "id")]
    public async Task A_mistake_in_the_call_is_named(string path, string named)
    {
        var (code, body, _) = await PostAsync(path, "digest " + Credentials);
        Assert.Equal(StatusCodes.Status400BadRequest, code);
        Assert.StartsWith(named + ":", Error(body), StringComparison.Ordinal);
        Assert.Empty(cluster.Orders);
    }

    [Fact]
    public async Task A_follower_sends_the_caller_to_the_leader_with_the_same_call()
    {
        cluster.Answer = new AdminAnswer(AdminOutcome.NotLeader, "node 3 leads", "127.0.0.1:8083");
        var (code, _, headers) = await PostAsync("/commands/members/remove?id=2&force=true", "digest " + Credentials);
        Assert.Equal(StatusCodes.Status307TemporaryRedirect, code);
        Assert.Equal("http://127.0.0.1:8083/commands/members/remove?id=2&force=true", headers.Location);
    }

    /// <summary>An admin port bound to every address names none that could be asked.</summary>
    [Fact]
    public async Task A_leader_that_listens_everywhere_is_found_at_its_peer_address()
    {
        var leader = TestMember.Of(3, 103) with { Admin = new NodeAddress("0.0.0.0", 8083) };
        status = new NodeStatus { Leader = leader.Id, Membership = new MembershipStatus { Members = [leader] } };
        cluster.Answer = new AdminAnswer(AdminOutcome.NotLeader, "node 3 leads", leader.Admin.ToString());
        var (_, _, headers) = await PostAsync("/commands/transfer", "digest " + Credentials);
        Assert.Equal("http://127.0.0.1:8083/commands/transfer", headers.Location);
    }

    [Theory]
    [InlineData((int)AdminOutcome.Refused, StatusCodes.Status409Conflict, "refused")]
    [InlineData((int)AdminOutcome.Unknown, StatusCodes.Status503ServiceUnavailable, "unknown")]
    [InlineData((int)AdminOutcome.NotLeader, StatusCodes.Status503ServiceUnavailable, "not leader")]
    public async Task Refused_unknown_and_leaderless_are_told_apart(int outcome, int expected, string told)
    {
        cluster.Answer = new AdminAnswer((AdminOutcome)outcome, "would leave 1 of 3 voters reachable");
        var (code, body, _) = await PostAsync("/commands/members/remove?id=2", "digest " + Credentials);
        Assert.Equal(expected, code);
        Assert.Equal(("would leave 1 of 3 voters reachable", told), (Error(body), Field(body, "outcome")));
    }

    [Fact]
    public async Task A_node_that_takes_no_part_yet_says_so()
    {
        status = NodeStatus.Starting with { NotReadyBecause = "waiting to be let in" };
        var orders = new AdminOrders(() => null, new SuperUser(SuperUser.DigestOf(Credentials)), () => status);
        var (code, body, _) = await SendAsync(orders, "POST", "/commands/members/add?id=4", "digest " + Credentials);
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, code);
        Assert.Contains("waiting to be let in", Error(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_at_an_order_changes_nothing_and_the_help_names_every_call()
    {
        var orders = new AdminOrders(() => cluster, new SuperUser(SuperUser.DigestOf(Credentials)), () => status);
        var (code, _, headers) = await SendAsync(
            orders, "GET", "/commands/members/add?id=4", "digest " + Credentials);
        Assert.Equal((StatusCodes.Status405MethodNotAllowed, "POST"), (code, headers.Allow.ToString()));
        Assert.Empty(cluster.Orders);
        var (_, help, _) = await SendAsync(orders, "GET", "/commands", null);
        foreach (var path in new[] { "members/add", "members/remove", "members/replace", "/transfer", "/raft" })
            Assert.Contains(path, help, StringComparison.Ordinal);
    }

    private Task<(int Code, string Body, IHeaderDictionary Headers)> PostAsync(string path, string? authorization) =>
        PostAsync(path, authorization, new SuperUser(SuperUser.DigestOf(Credentials)));

    private Task<(int Code, string Body, IHeaderDictionary Headers)> PostAsync(
        string path, string? authorization, SuperUser? superUser) =>
        SendAsync(new AdminOrders(() => cluster, superUser, () => status), "POST", path, authorization);

    private async Task<(int Code, string Body, IHeaderDictionary Headers)> SendAsync(
        AdminOrders orders, string method, string path, string? authorization)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.Request.Method = method;
        context.Request.Path = path.Split('?')[0];
        context.Request.QueryString = new QueryString(path.Contains('?') ? path[path.IndexOf('?')..] : "");
        if (authorization is not null)
            context.Request.Headers.Authorization = authorization;
        await new AdminApplication(new TestFacts().Facts with { Status = () => status }, orders, () => null)
            .ProcessRequestAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()), context.Response.Headers);
    }

    private static string? Error(string body) => Field(body, "error");

    private static string? Field(string body, string name)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(name).GetString();
    }

    private sealed class RecordedAdministration : IReplicaAdministration
    {
        public List<string> Orders { get; } = [];

        public AdminAnswer Answer { get; set; } = new(AdminOutcome.Done, "as ordered");

        public Task<AdminAnswer> AddAsync(NodeId node, CancellationToken cancellation) => Note($"add {node.Value}");

        public Task<AdminAnswer> RemoveAsync(NodeId node, bool force, CancellationToken cancellation) =>
            Note($"remove {node.Value}{(force ? " forced" : "")}");

        public Task<AdminAnswer> ReplaceAsync(NodeId node, bool force, CancellationToken cancellation) =>
            Note($"replace {node.Value}{(force ? " forced" : "")}");

        public Task<AdminAnswer> TransferAsync(NodeId? to, CancellationToken cancellation) =>
            Note($"transfer {(to is { } node ? node.Value.ToString() : "any")}");

        private Task<AdminAnswer> Note(string order)
        {
            Orders.Add(order);
            return Task.FromResult(Answer);
        }
    }
}
