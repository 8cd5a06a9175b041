using System.Text.Json;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.Protocol;
using Coord.Raft;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Tests.Admin;

/// <summary>
/// ZooKeeper's AdminServer: names, aliases, fields, and who may change something (zookeeper-protocol 10.4).
/// </summary>
public sealed class AdminCommandsTests
{
    private const string Sizes = "client_response{last_buffer_size,min_buffer_size,max_buffer_size},";

    private const string Server =
        "version,read_only,server_stats{packets_sent,packets_received,"
        + "client_response_stats{last_buffer_size,min_buffer_size,max_buffer_size},provider_null,server_state,"
        + "outstanding_requests,min_latency,avg_latency,max_latency,data_dir_size,log_dir_size,last_processed_zxid,"
        + "num_alive_client_connections,uptime,auth_failed_count,non_mtlsremote_conn_count,non_mtlslocal_conn_count},"
        + Sizes + "proposal_stats{last_buffer_size,min_buffer_size,max_buffer_size},node_count,";

    private const string Address = "{empty,all_addresses[],one,all_ports[],all_host_strings[]},";

    private const string Member = "{server_addresses[],election_addresses[],client_address,learner_type}";

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TestFacts node = new();

    /// <summary>Each name and alias with the shape of its answer, before "command" and "error".</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "ruok", "" },
        { "server_stats srvr", Server },
        { "stats stat", Server + "connections[],secure_connections[]," },
        {
            "configuration conf config",
            "client_port,data_dir,data_log_dir,tick_time,max_client_cnxns,min_session_timeout,max_session_timeout,"
            + "server_id,client_port_listen_backlog,init_limit,sync_limit,election_port,quorum_port,peer_type,"
        },
        { "initial_configuration icfg", "initial_configuration," },
        { "connections cons", "connections[],secure_connections[]," },
        { "dump", "expiry_time_to_session_ids{},session_id_to_ephemeral_paths{}," },
        {
            "environment env envi",
            "zookeeper.version,host.name,java.version,java.vendor,java.home,java.class.path,java.library.path,"
            + "java.io.tmpdir,java.compiler,os.name,os.arch,os.version,user.name,user.home,user.dir,os.memory.free,"
            + "os.memory.max,os.memory.total,"
        },
        { "system_properties sysp", "zookeeper.tickTime," },
        { "dirs", "datadir_size,logdir_size," },
        { "get_trace_mask gtmk", "tracemask," },
        { "hash", "digests[]," },
        { "watches wchc", "session_id_to_watched_paths{}," },
        { "watches_by_path wchp", "path_to_session_ids{}," },
        { "is_read_only isro", "read_only," },
        { "last_snapshot lsnp", "zxid,timestamp," },
        { "leader lead", "is_leader,leader_id,leader_ip," },
        { "observers obsr", "synced_observers,observers[]," },
        { "voting_view", $"current_config{{1{Member},2{Member},3{Member}}}," },
        {
            "watch_summary wchs", "num_connections,num_paths,num_total_watches,num_data_watches,num_child_watches,"
            + "num_recursive_watches,"
        },
        {
            "zabstate", $"myid,is_leader,quorum_address{Address}election_address{Address}client_address,voting,"
            + "last_zxid,zab_epoch,zab_counter,zabstate,server_state,"
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_name_and_alias_has_its_fields_and_ends_with_command_and_error(string names, string shape)
    {
        foreach (var name in names.Split(' '))
        {
            var answer = await AskAsync(name);
            Assert.Equal(shape + "command,error", ShapeOf(answer));
            Assert.Equal(names.Split(' ')[0], answer.GetProperty("command").GetString());
            Assert.Equal(JsonValueKind.Null, answer.GetProperty("error").ValueKind);
        }
    }

    [Fact]
    public async Task Monitor_has_the_figures_of_mntr_as_numbers()
    {
        node.Metrics.Clients.ReadLatency.Record(1_500);
        var keys = (await node.AnswerAsync("mntr")).TrimEnd('\n').Split('\n').Select(line => line.Split('\t')[0][3..]);
        foreach (var name in new[] { "monitor", "mntr" })
        {
            var answer = await AskAsync(name);
            Assert.Equal([.. keys, "command", "error"], answer.EnumerateObject().Select(field => field.Name));
            Assert.Equal(1.5, answer.GetProperty("avg_latency").GetDouble());
            Assert.Equal("leader", answer.GetProperty("server_state").GetString());
        }
    }

    /// <summary>Ids and zxids are plain numbers, beyond 2^53 too: as ZooKeeper writes them.</summary>
    [Fact]
    public async Task Connections_tell_what_cons_tells()
    {
        node.Connections.Add(new ConnectionStatus(
            "127.0.0.1:48552", false, 2, new ConnectedSession(72060555545280513, 10_000, new ConnectionFigures
            {
                EstablishedMs = 1795281307145, Received = 4, Sent = 5, LastOp = OpCode.Exists, LastXid = 3,
                LastZxid = 4294967305, LastResponseMs = 45288442, LastLatencyMs = 1, AverageLatencyMs = 2,
                MaxLatencyMs = 3,
            })));
        var full = (await AskAsync("connections")).GetProperty("connections")[0].GetRawText();
        Assert.Equal(
            """
            {"remote_socket_address":"127.0.0.1:48552","interest_ops":1,"outstanding_requests":2,"packets_received":4,
            "packets_sent":5,"session_id":72060555545280513,"last_operation":"EXIS","established":1795281307145,
            "session_timeout":10000,"last_cxid":3,"last_zxid":4294967305,"last_response_time":45288442,
            "last_latency":1,"min_latency":0,"avg_latency":2,"max_latency":3}
            """.Replace("\n", ""),
            Compact(full));
        var brief = (await AskAsync("stats")).GetProperty("connections")[0];
        Assert.Equal(
            "remote_socket_address,interest_ops,outstanding_requests,packets_received,packets_sent", ShapeOf(brief));
    }

    [Fact]
    public async Task Dump_groups_sessions_by_their_end_and_lists_ephemerals()
    {
        node.Sessions = new SessionReport(
            [
                new ReportedSession(0x10, 10_000, 1_700_000_001_000, []),
                new ReportedSession(0x20, 4_000, 1_700_000_001_900, ["/e \"f\""]),
            ],
            IsCut: true);
        var answer = await AskAsync("dump");
        Assert.Equal(
            """{"1700000002000":[16,32]}""", Compact(answer.GetProperty("expiry_time_to_session_ids").GetRawText()));
        Assert.Equal(
            """{"32":["/e \"f\""]}""", Compact(answer.GetProperty("session_id_to_ephemeral_paths").GetRawText()));
        Assert.True(answer.GetProperty("is_cut").GetBoolean());
    }

    [Fact]
    public async Task Watches_are_listed_by_session_and_by_path()
    {
        node.Watches = new WatchReport([new(72060555545280513, "/q"), new(32, "/p"), new(32, "/q")], IsCut: true);
        var watches = await AskAsync("watches");
        Assert.Equal(
            """{"32":["/p","/q"],"72060555545280513":["/q"]}""",
            Compact(watches.GetProperty("session_id_to_watched_paths").GetRawText()));
        Assert.True(watches.GetProperty("is_cut").GetBoolean());
        Assert.Equal(
            """{"/p":[32],"/q":[32,72060555545280513]}""",
            Compact((await AskAsync("watches_by_path")).GetProperty("path_to_session_ids").GetRawText()));
    }

    [Fact]
    public async Task Who_leads_and_who_observes_is_told()
    {
        var leader = await AskAsync("leader");
        Assert.True(leader.GetProperty("is_leader").GetBoolean());
        Assert.Equal((2, "127.0.0.1"), (leader.GetProperty("leader_id").GetInt32(),
            leader.GetProperty("leader_ip").GetString()));
        node.Status = TestFacts.Leader with
        {
            Peers = [new PeerProgressStatus(new NodeId(3), true, "replicate", 0x73, 0) { IsLearner = true }],
        };
        var observers = await AskAsync("observers");
        Assert.Equal(1, observers.GetProperty("synced_observers").GetInt32());
        Assert.Equal(3, observers.GetProperty("observers")[0].GetProperty("sid").GetInt32());
        node.Status = TestFacts.Leader with { Peers = [], Membership = MembershipStatus.None };
        Assert.Equal("server is not initialized", Error(await AskAsync("leader")));
    }

    [Fact]
    public async Task Digests_and_the_last_snapshot_are_told()
    {
        node.Metrics.Replica.Digests.Applied(2_048, ulong.MaxValue);
        var digests = Compact((await AskAsync("hash")).GetProperty("digests").GetRawText());
        Assert.Equal("""[{"zxid":2048,"digest":18446744073709551615}]""", digests);
        var snapshot = await AskAsync("lsnp");
        Assert.Equal("40", snapshot.GetProperty("zxid").GetString());
        Assert.Equal(1_700_000_000, snapshot.GetProperty("timestamp").GetInt64());
    }

    [Fact]
    public async Task An_unknown_name_is_an_error_with_code_200()
    {
        var (code, body, _) = await new AdminClient(node).AskAsync("/commands/nonsense");
        Assert.Equal(200, code);
        Assert.Equal("""{"command":"nonsense","error":"Unknown command: nonsense"}""", Compact(body));
    }

    [Fact]
    public async Task A_node_that_does_not_serve_says_so_where_ZooKeeper_does()
    {
        node.Status = NodeStatus.Starting;
        Assert.Equal("This ZooKeeper instance is not currently serving requests", Error(await AskAsync("stats")));
        Assert.Null(Error(await AskAsync("environment")));
        Assert.Null(Error(await AskAsync("monitor")));
    }

    [Theory]
    [InlineData("stat_reset", "GET", "")]
    [InlineData("srst", "GET", "")]
    [InlineData("connection_stat_reset", "GET", "")]
    [InlineData("crst", "GET", "")]
    [InlineData("observer_connection_stat_reset", "GET", "")]
    [InlineData("orst", "GET", "")]
    [InlineData("set_trace_mask?traceMask=5", "GET", "")]
    [InlineData("stmk?traceMask=5", "GET", "")]
    [InlineData("snapshot?streaming=true", "GET", "")]
    [InlineData("snap", "GET", "")]
    [InlineData("restore", "POST", "")]
    [InlineData("rest", "POST", "")]
    [InlineData("shed_connections", "POST", "{\"percentage\":50}")]
    [InlineData("shed", "POST", "{\"percentage\":50}")]
    public async Task What_changes_something_needs_the_super_user(string path, string method, string body)
    {
        var (code, _, headers) = await new AdminClient(node).AskAsync("/commands/" + path, method, false, body);
        Assert.Equal((StatusCodes.Status401Unauthorized, "digest"), (code, headers.WWWAuthenticate.ToString()));
        (code, var text, _) = await new AdminClient(node) { SuperUser = null }.AskAsync(
            "/commands/" + path, method, true, body);
        Assert.Equal(StatusCodes.Status403Forbidden, code);
        Assert.Contains("zookeeper:DigestAuthenticationProvider.superDigest", text, StringComparison.Ordinal);
        Assert.Empty(node.Orders);
    }

    [Fact]
    public async Task The_super_user_resets_and_sheds()
    {
        node.Metrics.Clients.PacketsReceived.Add(5);
        Assert.Null(Error(await AskAsync("stat_reset", isSuper: true)));
        Assert.Equal(0, node.Metrics.Clients.PacketsReceived.SinceReset);
        Assert.Null(Error(await AskAsync("connection_stat_reset", isSuper: true)));
        var shed = await AskAsync("shed_connections", "POST", true, "{\"percentage\": 25}");
        Assert.Equal(1, shed.GetProperty("connections_shed").GetInt32());
        Assert.Equal(25, shed.GetProperty("percentage_requested").GetInt32());
        Assert.Equal(["reset", "shed 0.25"], node.Orders);
    }

    [Theory]
    [InlineData(0, "shed 0")]
    [InlineData(1, "shed 0.01")]
    [InlineData(100, "shed 1")]
    public async Task Any_share_from_none_to_all_may_be_shed(int percentage, string order)
    {
        await AskAsync("shed", "POST", true, $"{{\"percentage\": {percentage}, \"else\": 1}}");
        Assert.Equal([order], node.Orders);
    }

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("{}")]
    [InlineData("{\"percentage\":101}")]
    [InlineData("{\"percentage\":-1}")]
    [InlineData("{\"percentage\":\"25\"}")]
    [InlineData("{\"percentage\":2.5}")]
    [InlineData("{\"percentage\":null}")]
    [InlineData("{\"percentage\":99999999999}")]
    [InlineData("[25]")]
    [InlineData("{\"percentage\":25")]
    public async Task A_share_that_makes_no_sense_sheds_nothing(string body)
    {
        var answer = await AskAsync("shed", "POST", true, body);
        Assert.Equal("send {\"percentage\": N} with N from 0 to 100", Error(answer));
        Assert.Empty(node.Orders);
    }

    [Theory]
    [InlineData("set_trace_mask", "setTraceMask requires long traceMask argument")]
    [InlineData("set_trace_mask?traceMask=x", "setTraceMask requires long traceMask argument, got x")]
    [InlineData("set_trace_mask?traceMask=5", "Coord traces nothing by mask: it stays 0")]
    [InlineData("observer_connection_stat_reset", "Coord counts nothing of observers' connections")]
    public async Task What_cannot_be_done_is_said(string path, string expected) =>
        Assert.Equal(expected, Error(await AskAsync(path, isSuper: true)));

    [Fact]
    public async Task Restoring_is_not_done_by_this_port() => Assert.StartsWith(
        "not by this port: ", Error(await AskAsync("restore", "POST", isSuper: true)), StringComparison.Ordinal);

    [Theory]
    [InlineData("/commands/ruok", "POST", "GET, HEAD")]
    [InlineData("/commands/restore", "GET", "POST")]
    [InlineData("/metrics", "POST", "GET, HEAD")]
    public async Task Another_method_is_refused_and_the_right_one_named(string path, string method, string right)
    {
        var (code, _, headers) = await new AdminClient(node).AskAsync(path, method, isSuper: true);
        Assert.Equal((StatusCodes.Status405MethodNotAllowed, right), (code, headers.Allow.ToString()));
    }

    [Fact]
    public async Task The_list_links_every_command_and_says_what_else_there_is()
    {
        var (_, page, headers) = await new AdminClient(node).AskAsync("/commands");
        Assert.StartsWith("text/html", headers.ContentType.ToString(), StringComparison.Ordinal);
        foreach (var names in Shapes.Select(row => row.Data.Item1).Append("monitor").Append("snapshot").Append("raft"))
        {
            var name = names.Split(' ')[0];
            Assert.Contains($"<a href=\"/commands/{name}\">{name}</a>\n<br/>\n", page, StringComparison.Ordinal);
        }

        Assert.Contains("/commands/members/add?id=N", page, StringComparison.Ordinal);
    }

    private static string? Error(JsonElement answer) => answer.GetProperty("error").GetString();

    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Relaxed);
    }

    private static string ShapeOf(JsonElement element) => string.Join(
        ',', element.EnumerateObject().Select(field => field.Name + field.Value.ValueKind switch
        {
            JsonValueKind.Object => $"{{{ShapeOf(field.Value)}}}",
            JsonValueKind.Array => "[]",
            _ => "",
        }));

    private async Task<JsonElement> AskAsync(
        string path, string method = "GET", bool isSuper = false, string body = "")
    {
        var (code, text, _) = await new AdminClient(node).AskAsync("/commands/" + path, method, isSuper, body);
        Assert.Equal(StatusCodes.Status200OK, code);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
