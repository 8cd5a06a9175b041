using System.Net;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>Growing, shrinking and replacing disks, as an operator does it, on real processes.</summary>
public sealed class ChangingMembersTests : IDisposable
{
    private readonly LaunchedCluster cluster = new();

    /// <summary>
    /// One at a time, the leader among those removed (raft-design M2, M9, M10): no client of a node that stays notices
    /// more than a pause, and nothing that was acknowledged is lost.
    /// </summary>
    [Fact]
    public void Three_nodes_grow_to_five_and_shrink_to_three_while_clients_write()
    {
        cluster.Start();
        var leader = cluster.Leader();
        var (staying, leaving) = (leader % 3 + 1, (leader + 1) % 3 + 1);
        var writing = new List<WritingClient>();
        try
        {
            foreach (var name in new[] { "one", "two", "three" })
                writing.Add(new WritingClient(cluster.Client(staying), name));
            foreach (var node in new[] { 4, 5 })
            {
                cluster.Do("add", $"{node}");
                UntilVoter(node);
                cluster.UntilServing(node);
                writing.Add(new WritingClient(cluster.Client(node), $"at-{node}"));
                writing.ForEach(static client => client.UntilMore(50));
            }

            foreach (var node in new[] { leader, leaving })
            {
                cluster.Do("remove", $"{node}");
                writing.ForEach(static client => client.UntilMore(50));
            }

            writing.ForEach(static client => client.Stop());
            Assert.All(new[] { staying, 4, 5 }, node =>
            {
                cluster.Until(node, "knows who votes", report =>
                    report.GetProperty("membership").GetProperty("voters").GetRawText() == $"[{staying},4,5]");
                writing.ForEach(client => client.AssertKeptBy(cluster.Client(node)));
            });
        }
        finally
        {
            writing.ForEach(static client => client.Dispose());
        }
    }

    /// <summary>
    /// raft-design M15: with an empty log it would vote twice and forget what it acknowledged. The refusal names what
    /// lets it in; after that it is promoted by itself (M9).
    /// </summary>
    [Fact]
    public void A_wiped_disk_is_refused_until_the_call_that_the_refusal_names()
    {
        cluster.Start();
        using var writing = new WritingClient(cluster.Client(1));
        writing.UntilMore(100);
        cluster.Do("wipe", "3");
        cluster.Do("restart", "3");
        cluster.UntilLogged(3, "waiting to be let in: the cluster knows node 3 by incarnation");
        var call = cluster.Log(3).Split("POST ")[1].Split(' ')[0];
        Assert.Equal("/commands/members/replace?id=3", call);
        cluster.Until(3, "waits", report =>
            report.GetProperty("not_ready_because").GetString()!.Contains(call, StringComparison.Ordinal));

        var old = Incarnation(3);
        cluster.Order(call);
        UntilVoter(3);
        Assert.NotEqual(old, Incarnation(3));
        writing.UntilMore(100);
        writing.Stop();
        cluster.Do("kill", "2");
        cluster.UntilServing(3);
        writing.AssertKeptBy(cluster.Client(3));
    }

    /// <summary>
    /// design.md section 10: it closes its connections, is not ready and says why; started again: code 3.
    /// </summary>
    [Fact]
    public void A_removed_node_says_so_and_does_not_start_again()
    {
        cluster.Start();
        var removed = cluster.Leader() % 3 + 1;
        using var client = new RawClient(cluster.Client(removed)).Handshake();
        cluster.Order($"/commands/members/remove?id={removed}");
        Assert.Empty(client.ReceiveToEnd());
        cluster.Until(removed, "not ready", report =>
            report.GetProperty("not_ready_because").GetString()?.Contains("removed", StringComparison.Ordinal) == true);
        LaunchedCluster.Until("the durable mark", () => File.Exists(Path.Combine(cluster.Data(removed), "removed")));

        cluster.Do("kill", $"{removed}");
        using var again = new NodeProcess(
            "--config", Path.Combine(cluster.Folder.FullName, "cluster.json"), "--node", $"{removed}",
            "--data", cluster.Data(removed));
        Assert.Equal(ExitCodes.DataUnusable, again.WaitForExit());
        Assert.Contains("removed from the cluster", again.Output, StringComparison.Ordinal);
        Assert.Contains($"/commands/members/add?id={removed}", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_need_the_super_user_and_reach_the_leader_from_any_node()
    {
        cluster.Start();
        var leader = cluster.Leader();
        var other = leader % 3 + 1;
        const string Call = "/commands/transfer";
        Assert.Equal(HttpStatusCode.Unauthorized, cluster.Post(leader, Call, credentials: null).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, cluster.Post(leader, Call, "super:wrong").Code);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, cluster.Post(other, Call).Code);
        Assert.Equal(leader, cluster.Leader());

        // A node that serves may still have entries to catch up on, and is refused until it has.
        LaunchedCluster.Until(
            "the order is taken", () => cluster.Post(leader, $"{Call}?to={other}").Code == HttpStatusCode.OK);
        LaunchedCluster.Until("the new leader", () => cluster.Leader() == other);

        // raft-design M8: with one of three gone, taking out another would leave one of two.
        cluster.Do("kill", $"{leader}");
        var third = 6 - leader - other;
        var (code, text) = cluster.Post(cluster.Leader(), $"/commands/members/remove?id={third}");
        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Contains("would leave", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_super_user_orders_are_forbidden_by_name()
    {
        using var node = NodeProcess.Dev(out var ports);
        using var http = new HttpClient();
        using var answer = http.Send(
            new HttpRequestMessage(HttpMethod.Post, $"http://{ports.Admin}/commands/members/add?id=2"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var text = new StreamReader(answer.Content.ReadAsStream());
        Assert.Contains("DigestAuthenticationProvider.superDigest", text.ReadToEnd(), StringComparison.Ordinal);
    }

    public void Dispose() => cluster.Dispose();

    private void UntilVoter(int node) => LaunchedCluster.Until(
        $"node {node} votes",
        () => cluster.Report(cluster.Leader())!.Value.GetProperty("membership") is var membership
            && !membership.GetProperty("joint").GetBoolean()
            && membership.GetProperty("voters").EnumerateArray().Any(voter => voter.GetInt32() == node));

    private string? Incarnation(int node) => cluster.Report(cluster.Leader())!.Value
        .GetProperty("membership").GetProperty("members").EnumerateArray()
        .First(member => member.GetProperty("node_id").GetInt32() == node).GetProperty("incarnation").GetString();
}
