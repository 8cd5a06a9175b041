using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Coord.Node.Admin;
using Coord.Raft;

namespace Coord.Node.Tests.Admin;

/// <summary>What ZooKeeper's tools read (zookeeper-protocol 10.1 and 10.2).</summary>
public sealed partial class FourLetterWordsTests
{
    private static readonly NodeStatus Leader = new()
    {
        Id = new NodeId(2),
        Role = NodeRole.Leader,
        Term = 3,
        Leader = new NodeId(2),
        AppliedIndex = 0x73,
        Peers =
        [
            new PeerProgressStatus(new NodeId(1), true, "replicate", 0x73, 0),
            new PeerProgressStatus(new NodeId(3), false, "snapshot", 5, 0x6e),
        ],
        ZnodeCount = 5,
        WatchCount = 4,
        EphemeralCount = 3,
        SessionCount = 2,
        ApproximateDataBytes = 44,
        LatencyMinMicros = 400,
        LatencyAverageMicros = 912.5,
        LatencyMaxMicros = 5_900,
        PacketsReceived = 21,
        PacketsSent = 22,
        Connections = 6,
        OutstandingRequests = 1,
        LastProposalBytes = 90,
        MinProposalBytes = 36,
        MaxProposalBytes = 200,
    };

    [Fact]
    public void Srvr_has_ZooKeepers_lines_in_ZooKeepers_order() => Assert.Equal(
        """
        Latency min/avg/max: 0/0.9125/5
        Received: 21
        Sent: 22
        Connections: 6
        Outstanding: 1
        Zxid: 0x73
        Mode: leader
        Node count: 5
        Proposal sizes last/min/max: 90/36/200

        """,
        AfterVersion(Answer("srvr", Leader)));

    [Fact]
    public void Stat_lists_the_clients_behind_the_version()
    {
        var text = Encoding.UTF8.GetString(FourLetterWords.Answer(
            Word("stat"), Leader, [new ConnectionStatus("127.0.0.1:48622", 0, 1, 2)]));
        Assert.StartsWith(
            "Clients:\n /127.0.0.1:48622[1](queued=0,recved=1,sent=2)\n\nLatency min/avg/max:", AfterVersion(text),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// kazoo takes the leading digits and dots, Go's client this expression, with this form of date.
    /// </summary>
    [Fact]
    public void Clients_of_all_kinds_can_read_the_version()
    {
        var text = Answer("srvr", Leader);
        Assert.Matches(@"^Zookeeper version: [A-Za-z0-9\.\-]+, built on \d\d/\d\d/\d{4} \d\d:\d\d [A-Z]+\n", text);
        Assert.StartsWith("Zookeeper version: 3.9.4-coord-0.1.0, built on ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mode_is_standalone_for_a_cluster_of_one_and_follower_for_who_follows()
    {
        Assert.Contains("Mode: standalone\n", Answer("srvr", Leader with { Peers = [] }), StringComparison.Ordinal);
        var follower = Answer("srvr", Leader with { Role = NodeRole.Follower });
        Assert.EndsWith("Mode: follower\nNode count: 5\n", follower, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ruok", "imok")]
    [InlineData("isro", "rw")]
    [InlineData("dump", "dump is not executed because it is not in the whitelist.\n")]
    public void Short_answers_are_ZooKeepers_own(string word, string expected) =>
        Assert.Equal(expected, Answer(word, Leader));

    [Theory]
    [InlineData("ruok", "imok")]
    [InlineData("isro", "null")]
    [InlineData("srvr", "This ZooKeeper instance is not currently serving requests\n")]
    [InlineData("mntr", "This ZooKeeper instance is not currently serving requests\n")]
    [InlineData("stat", "This ZooKeeper instance is not currently serving requests\n")]
    public void A_node_that_does_not_serve_says_so(string word, string expected) =>
        Assert.Equal(expected, Answer(word, NodeStatus.Starting));

    [Fact]
    public void Mntr_has_the_classic_figures_and_the_leaders_own()
    {
        var figures = Answer("mntr", Leader).TrimEnd('\n').Split('\n')
            .Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal("leader", figures["zk_server_state"]);
        Assert.Equal("0.9125", figures["zk_avg_latency"]);
        Assert.Equal("5", figures["zk_znode_count"]);
        Assert.Equal("44", figures["zk_approximate_data_size"]);
        Assert.Equal("1", figures["zk_synced_followers"]);
        Assert.Equal("1", figures["zk_learners"]);
        Assert.Equal("1", figures["zk_pending_syncs"]);
        Assert.Equal("3", figures["zk_quorum_size"]);
        Assert.True(long.Parse(figures["zk_open_file_descriptor_count"]) > 0);
        Assert.True(long.Parse(figures["zk_max_file_descriptor_count"]) > 0);
        var follower = Answer("mntr", Leader with { Role = NodeRole.Follower });
        Assert.DoesNotContain("zk_learners", follower, StringComparison.Ordinal);
    }

    /// <summary>
    /// telegraf drops a line whose key is not of word characters or whose value is not of those, dot, minus.
    /// </summary>
    [Fact]
    public void Mntr_lines_are_what_telegraf_accepts()
    {
        foreach (var line in Answer("mntr", Leader).TrimEnd('\n').Split('\n').Skip(1))
            Assert.Matches(TelegrafLine, line);
    }

    [Fact]
    public void Other_first_bytes_are_no_words()
    {
        Assert.False(FourLetterWords.IsWord(Word("nope")));
        Assert.False(FourLetterWords.IsWord(45)); // The length of a handshake.
        Assert.True(FourLetterWords.IsWord(Word("wchs")));
    }

    [GeneratedRegex(@"^zk_\w+\t[\w.\-]+$")]
    private static partial Regex TelegrafLine { get; }

    private static string AfterVersion(string text) => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static string Answer(string word, NodeStatus status) =>
        Encoding.UTF8.GetString(FourLetterWords.Answer(Word(word), status));

    private static uint Word(string word) => BinaryPrimitives.ReadUInt32BigEndian(Encoding.ASCII.GetBytes(word));
}
