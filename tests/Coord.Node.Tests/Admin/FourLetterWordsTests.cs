using System.Buffers.Binary;
using System.Text;
using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Protocol;

namespace Coord.Node.Tests.Admin;

/// <summary>What ZooKeeper's tools read (zookeeper-protocol 10.1).</summary>
public sealed class FourLetterWordsTests
{
    private readonly TestFacts node = new();

    [Fact]
    public async Task Srvr_has_ZooKeepers_lines_in_ZooKeepers_order()
    {
        Count(node.Metrics.Clients.PacketsReceived, 21);
        Count(node.Metrics.Clients.PacketsSent, 22);
        foreach (var micros in new[] { 400, 1_000, 5_900 })
            node.Metrics.Clients.ReadLatency.Record(micros);
        foreach (var bytes in new[] { 36, 200, 90 })
            node.Metrics.Replica.ProposalSizes.Record(bytes);
        node.Connections.Add(new ConnectionStatus("127.0.0.1:48622", true, 0, null));
        Assert.Equal(
            """
            Latency min/avg/max: 0/2.4333/5
            Received: 21
            Sent: 22
            Connections: 1
            Outstanding: 1
            Zxid: 0x73
            Mode: leader
            Node count: 5
            Proposal sizes last/min/max: 90/36/200

            """,
            AfterVersion(await node.AnswerAsync("srvr")));
    }

    [Fact]
    public async Task Stat_lists_the_clients_behind_the_version()
    {
        node.Connections.Add(Connected());
        node.Connections.Add(new ConnectionStatus("127.0.0.1:48630", true, 0, null));
        Assert.StartsWith(
            "Clients:\n /127.0.0.1:48622[1](queued=0,recved=6,sent=7)\n"
            + " /127.0.0.1:48630[0](queued=0,recved=1,sent=0)\n\nLatency min/avg/max: 0/0.0/0\n",
            AfterVersion(await node.AnswerAsync("stat")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cons_tells_all_of_a_session_and_little_of_who_has_none()
    {
        node.Connections.Add(Connected());
        node.Connections.Add(new ConnectionStatus("127.0.0.1:48630", true, 0, null));
        Assert.Equal(
            " /127.0.0.1:48622[1](queued=0,recved=6,sent=7,sid=0x10002b187980000,lop=GETC,est=1795281288807,to=10000,"
            + "lcxid=0x5,lzxid=0x100000003,lresp=45270129,llat=1,minlat=0,avglat=3,maxlat=9)\n"
            + " /127.0.0.1:48630[0](queued=0,recved=1,sent=0)\n\n",
            await node.AnswerAsync("cons"));
    }

    [Fact]
    public async Task Cons_leaves_the_last_request_out_before_there_is_one()
    {
        var fresh = new ConnectionFigures { LastOp = OpCode.CreateSession, LastZxid = 3 };
        node.Connections.Add(new("127.0.0.1:48622", false, 0, new ConnectedSession(3, 10_000, fresh)));
        var text = await node.AnswerAsync("cons");
        Assert.Contains(",lop=SESS,est=0,to=10000,lzxid=0x3,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conf_has_ZooKeepers_keys_and_ends_with_the_membership() => Assert.Equal(
        $"""
        clientPort=2182
        secureClientPort=-1
        dataDir={node.Facts.Settings.DataDirectory}
        dataDirSize=0
        dataLogDir={node.Facts.Settings.DataDirectory}/log
        dataLogSize=0
        tickTime=2000
        maxClientCnxns=0
        minSessionTimeout=4000
        maxSessionTimeout=40000
        clientPortListenBacklog=4096
        serverId=2
        initLimit=5
        syncLimit=1
        electionPort=2283
        quorumPort=2282
        peerType=0
        membership: 
        {ConfigLine(1)}
        {ConfigLine(2)}
        {ConfigLine(3)}
        version=1a
        """,
        await node.AnswerAsync("conf"));

    [Fact]
    public async Task Envi_has_ZooKeepers_keys_in_ZooKeepers_order()
    {
        var lines = (await node.AnswerAsync("envi")).TrimEnd('\n').Split('\n');
        Assert.Equal("Environment:", lines[0]);
        string[] keys =
        [
            "zookeeper.version", "host.name", "java.version", "java.vendor", "java.home", "java.class.path",
            "java.library.path", "java.io.tmpdir", "java.compiler", "os.name", "os.arch", "os.version", "user.name",
            "user.home", "user.dir", "os.memory.free", "os.memory.max", "os.memory.total",
        ];
        Assert.Equal(keys, lines[1..].Select(line => line.Split('=')[0]));
        Assert.All(lines[^3..], line => Assert.Matches(@"=\d+MB$", line));
    }

    [Fact]
    public async Task Dump_groups_sessions_by_when_they_end_on_the_leader()
    {
        node.Sessions = TwoSessions(1_700_000_001_000, 1_700_000_001_900);
        node.Connections.Add(Connected(0x10));
        var answer = await node.AnswerAsync("dump");
        Assert.EndsWith(":\n\tip: /127.0.0.1:48622 sessionId: 0x10\n", answer, StringComparison.Ordinal);
        Assert.Equal(
            """
            SessionTracker dump:
            Session Sets (1)/(2):
            2 expire at Tue Nov 14 22:13:22 UTC 2023:
            	0x10
            	0x20
            ephemeral nodes dump:
            Sessions with Ephemerals (1):
            0x20:
            	/e
            	/f
            Connections dump:
            Connections Sets (1)/(1):
            1 expire at
            """,
            answer[..(answer.LastIndexOf(" expire at", StringComparison.Ordinal) + " expire at".Length)]);
    }

    [Fact]
    public async Task Dump_of_a_follower_knows_timeouts_only_and_says_when_it_is_cut()
    {
        node.Status = TestFacts.Leader with { Role = NodeRole.Follower };
        node.Sessions = TwoSessions(null, null) with { IsCut = true };
        Assert.StartsWith(
            "SessionTracker dump:\nGlobal Sessions(2):\n0x10\t10000ms\n0x20\t4000ms\nephemeral nodes dump:\n"
            + "Sessions with Ephemerals (1):\n0x20:\n\t/e\n\t/f\n(there are more ephemerals: the list is cut)\n"
            + "Connections dump:\nConnections Sets (0)/(0):\n",
            await node.AnswerAsync("dump"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watches_are_listed_by_session_and_by_path_and_end_with_an_empty_line()
    {
        Assert.Equal(("\n", "\n"), (await node.AnswerAsync("wchc"), await node.AnswerAsync("wchp")));
        node.Watches = new WatchReport([new(0x20, "/q"), new(0x10, "/q"), new(0x20, "/p")], IsCut: false);
        Assert.Equal("0x10\n\t/q\n0x20\n\t/p\n\t/q\n\n", await node.AnswerAsync("wchc"));
        Assert.Equal("/p\n\t0x20\n/q\n\t0x10\n\t0x20\n\n", await node.AnswerAsync("wchp"));
        node.Watches = node.Watches with { IsCut = true };
        Assert.EndsWith(
            "(there are more watches: the list is cut)\n\n", await node.AnswerAsync("wchp"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_lists_the_latest_digests_at_common_indexes()
    {
        for (long index = 1_020; index <= 70 * 1_024; index++)
            node.Metrics.Replica.Digests.Applied(index, (ulong)index + 0xf);
        var lines = (await node.AnswerAsync("hash")).TrimEnd('\n').Split('\n');
        Assert.Equal(64, lines.Length);
        Assert.Equal("1c00: 1c0f", lines[0]);
        Assert.Equal("11800: 1180f", lines[^1]);
        node.Metrics.Replica.Digests.Clear();
        Assert.Equal("", await node.AnswerAsync("hash"));
    }

    [Fact]
    public async Task Resets_begin_anew_and_leave_the_totals_alone()
    {
        Count(node.Metrics.Clients.PacketsReceived, 5);
        node.Metrics.Clients.UpdateLatency.Record(2_000);
        Assert.Equal("Server stats reset.\n", await node.AnswerAsync("srst"));
        Assert.StartsWith(
            "Latency min/avg/max: 0/0.0/0\nReceived: 0\n", AfterVersion(await node.AnswerAsync("srvr")),
            StringComparison.Ordinal);
        Assert.Equal(5, node.Metrics.Clients.PacketsReceived.Total);
        Assert.Equal(1, node.Metrics.Clients.UpdateLatency.Read().TotalCount);
        Assert.Equal("Connection stats reset.\n", await node.AnswerAsync("crst"));
        Assert.Equal(["reset"], node.Orders);
    }

    /// <summary>
    /// kazoo takes the leading digits and dots, Go's client this expression, with this form of date.
    /// </summary>
    [Fact]
    public async Task Clients_of_all_kinds_can_read_the_version()
    {
        var text = await node.AnswerAsync("srvr");
        Assert.Matches(@"^Zookeeper version: [A-Za-z0-9\.\-]+, built on \d\d/\d\d/\d{4} \d\d:\d\d [A-Z]+\n", text);
        Assert.StartsWith("Zookeeper version: 3.9.4-coord-0.1.0, built on ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mode_is_standalone_for_a_cluster_of_one_and_else_what_the_node_is()
    {
        node.Status = TestFacts.Leader with { Peers = [] };
        Assert.EndsWith("Mode: standalone\nNode count: 5\n", await node.AnswerAsync("srvr"), StringComparison.Ordinal);
        node.Status = TestFacts.Leader with { Role = NodeRole.Follower };
        Assert.EndsWith("Mode: follower\nNode count: 5\n", await node.AnswerAsync("srvr"), StringComparison.Ordinal);
        node.Status = node.Status with
        {
            Membership = TestFacts.Leader.Membership with { Learners = [TestFacts.Leader.Id] },
        };
        Assert.EndsWith("Mode: observer\nNode count: 5\n", await node.AnswerAsync("srvr"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ruok", "imok")]
    [InlineData("isro", "rw")]
    [InlineData("gtmk", "0")]
    [InlineData("stmk", "0")]
    [InlineData("wchs", "2 connections watching 3 paths\nTotal watches:4\n")]
    [InlineData("dirs", "datadir_size: 0\nlogdir_size: 0\n")]
    public async Task Short_answers_are_ZooKeepers_own(string word, string expected) =>
        Assert.Equal(expected, await node.AnswerAsync(word));

    /// <summary>Tools ask a node that cannot serve yet, and must not hang or fail for it.</summary>
    [Fact]
    public async Task A_node_that_does_not_serve_says_so_and_answers_what_needs_no_quorum()
    {
        node.Status = NodeStatus.Starting;
        node.IsRunning = false;
        foreach (var word in FourLetterWords.All.Except(["ruok", "isro", "envi", "gtmk", "stmk"]))
        {
            Assert.Equal(
                "This ZooKeeper instance is not currently serving requests\n", await node.AnswerAsync(word));
        }

        Assert.Equal("imok", await node.AnswerAsync("ruok"));
        Assert.Equal("null", await node.AnswerAsync("isro"));
        Assert.StartsWith("Environment:\n", await node.AnswerAsync("envi"), StringComparison.Ordinal);
    }

    /// <summary>zookeeper-protocol 7.5: without a quorum, for clients that asked to read all the same.</summary>
    [Fact]
    public async Task A_node_that_only_reads_serves_and_says_so()
    {
        node.Status = TestFacts.Leader with
        {
            Role = NodeRole.Candidate, IsReadOnly = true, NotReadyBecause = "no leader known",
        };
        Assert.Equal("ro", await node.AnswerAsync("isro"));
        var text = AfterVersion(await node.AnswerAsync("srvr"));
        Assert.StartsWith("READ-ONLY mode; serving only read-only clients\nLatency", text, StringComparison.Ordinal);
        Assert.EndsWith("Mode: read-only\nNode count: 5\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("srvr", "dump")]
    [InlineData("", "ruok")]
    public async Task A_word_that_is_not_in_the_whitelist_does_nothing(string whitelist, string word)
    {
        Assert.Equal(
            $"{word} is not executed because it is not in the whitelist.\n", await node.AnswerAsync(word, whitelist));
        await node.AnswerAsync("crst", whitelist);
        Assert.Empty(node.Orders);
    }

    [Fact]
    public void The_standard_whitelist_has_what_only_reads()
    {
        string[] expected = ["conf", "cons", "dirs", "envi", "isro", "mntr", "ruok", "srvr", "stat", "wchs"];
        Assert.Equal(expected, FourLetterWords.All.Where(WordList.Standard.Has).Order());
        Assert.False(WordList.TryParse("srvr, nope", out _, out var unknown));
        Assert.Equal("nope", unknown);
    }

    [Fact]
    public void Other_first_bytes_are_no_words()
    {
        Assert.False(FourLetterWords.IsWord(Word("nope")));
        Assert.False(FourLetterWords.IsWord(45)); // The length of a handshake.
        Assert.True(FourLetterWords.IsWord(Word("wchs")));
    }

    private static ConnectionStatus Connected(long id = 0x10002b187980000) => new(
        "127.0.0.1:48622", false, 0, new ConnectedSession(id, 10_000, new ConnectionFigures
        {
            EstablishedMs = 1795281288807,
            Received = 6,
            Sent = 7,
            LastOp = OpCode.GetChildren2,
            LastXid = 5,
            LastZxid = 0x100000003,
            LastResponseMs = 45270129,
            LastLatencyMs = 1,
            AverageLatencyMs = 3,
            MaxLatencyMs = 9,
        }));

    private static SessionReport TwoSessions(long? first, long? second) => new(
        [new ReportedSession(0x10, 10_000, first, []), new ReportedSession(0x20, 4_000, second, ["/e", "/f"])],
        IsCut: false);

    private static string ConfigLine(int id)
    {
        var member = TestFacts.Member(id);
        return $"server.{id}={member.Peer}:{member.ElectionPort}:participant;{member.Client}";
    }

    private static void Count(Counter counter, int times) => counter.Add(times);

    private static string AfterVersion(string text) => text[(text.IndexOf('\n') + 1)..];

    private static uint Word(string word) => BinaryPrimitives.ReadUInt32BigEndian(Encoding.ASCII.GetBytes(word));
}
