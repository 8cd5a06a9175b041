using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Metrics;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Admin;

/// <summary>A leader of three nodes as words, commands and metrics see it, with figures of the test's own.</summary>
internal sealed class TestFacts : IClientConnections, IReplicaReports
{
    public const string Credentials = "super:secret";

    public static readonly NodeStatus Leader = new()
    {
        Id = new NodeId(2),
        Role = NodeRole.Leader,
        Term = 3,
        Leader = new NodeId(2),
        CommitIndex = 0x74,
        AppliedIndex = 0x73,
        LastIndex = 0x75,
        DurableIndex = 0x75,
        FirstIndex = 1,
        Peers =
        [
            new PeerProgressStatus(new NodeId(1), true, "replicate", 0x73, 2)
            {
                Silence = TimeSpan.FromMilliseconds(20),
            },
            new PeerProgressStatus(new NodeId(3), false, "snapshot", 5, 0x70)
            {
                Silence = TimeSpan.FromMilliseconds(1500),
            },
        ],
        Membership = new MembershipStatus
        {
            Index = new LogIndex(0x1a),
            Members = [Member(1), Member(2), Member(3)],
            Voters = [new NodeId(1), new NodeId(2), new NodeId(3)],
        },
        ZnodeCount = 5,
        DataWatchCount = 2,
        ChildWatchCount = 1,
        RecursiveWatchCount = 1,
        WatchedPathCount = 3,
        WatcherCount = 2,
        EphemeralCount = 3,
        SessionCount = 2,
        ApproximateDataBytes = 44,
        OutstandingRequests = 1,
        LeadingMs = 7_000,
        SnapshotIndex = 0x40,
        SnapshotTimeMs = 1_700_000_000_000,
        SnapshotBytes = 900,
        StartedMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
    };

    public TestFacts()
    {
        var self = new ClusterNode(
            new NodeId(2), new NodeAddress("127.0.0.1", 2182), new NodeAddress("127.0.0.1", 2282),
            new NodeAddress("127.0.0.1", 8082));
        var settings = new NodeSettings(
            self.Id, new ClusterConfig("dev", [self]), "/nowhere", NodeLimits.Default)
        {
            SuperUser = new SuperUser(SuperUser.DigestOf(Credentials)),
            Given = new Dictionary<string, string> { ["zookeeper.tickTime"] = "2000" },
        };
        Facts = new NodeFacts(settings, () => Status, Metrics, this, () => IsRunning ? this : null);
    }

    public NodeFacts Facts { get; }

    public NodeMetrics Metrics { get; } = new();

    public NodeStatus Status { get; set; } = Leader;

    public bool IsRunning { get; set; } = true;

    public List<ConnectionStatus> Connections { get; } = [];

    public SessionReport Sessions { get; set; } = new([], IsCut: false);

    public WatchReport Watches { get; set; } = new([], IsCut: false);

    /// <summary>What was asked of the connections.</summary>
    public List<string> Orders { get; } = [];

    public int Count => Connections.Count;

    public static Member Member(int id) => TestMember.Of(id, (UInt128)(100 + id));

    public IReadOnlyList<ConnectionStatus> List(object? asking = null) => Connections;

    public int TlsHandshakes { get; set; }

    public void ResetCounters() => Orders.Add("reset");

    public int Shed(double share)
    {
        Orders.Add($"shed {share}");
        return 1;
    }

    public Task<WatchReport> WatchesAsync(CancellationToken cancellation) => Task.FromResult(Watches);

    public Task<SessionReport> SessionsAsync(CancellationToken cancellation) => Task.FromResult(Sessions);

    /// <summary>The answer to a word when all are allowed.</summary>
    public async Task<string> AnswerAsync(string word, string whitelist = "*")
    {
        Assert.True(WordList.TryParse(whitelist, out var list, out _));
        var words = new FourLetterWords(Facts, list);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(
            System.Text.Encoding.ASCII.GetBytes(word));
        Assert.True(FourLetterWords.IsWord(number));
        return System.Text.Encoding.UTF8.GetString(
            await words.AnswerAsync(number, null, TestContext.Current.CancellationToken));
    }
}
