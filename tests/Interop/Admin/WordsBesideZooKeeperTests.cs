using System.Text.RegularExpressions;
using Coord.Interop.Wire;
using Coord.JepsenLike.Clients;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop.Admin;

/// <summary>
/// The same words to Apache ZooKeeper 3.8 and to this cluster, from the same state: keys, lines and their order must be
/// the same, values aside. What differs on purpose is listed here by name, and nothing else may.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed partial class WordsBesideZooKeeperTests
{
    private const string Version = "Zookeeper version: ";

    // docs/use/zookeeper-compatibility.md says why each is not there.
    private static readonly string[] ConfWithout = ["electionAlg=N"];

    // Not hash: a cluster that other tests have used has digests to tell, an ensemble that has just begun has none.
    private static readonly string[] Plain =
        ["ruok", "isro", "gtmk", "wchs", "wchc", "wchp", "dirs", "srst", "crst"];

    // ZooKeeper 3.8 counts exceeded quotas for each namespace alone, and observers on the leader alone; 3.9 does not.
    private static readonly string[] MntrBeyond = ["quota_exceeded_error", "synced_observers"];

    [Fact]
    public void Words_have_the_form_that_ZooKeeper_gives_them()
    {
        DebianPackages.Require(ZooKeeperEnsemble.IsInstalled, "zookeeper");
        using var ensemble = new ZooKeeperEnsemble(InteropCluster.Root);
        foreach (var role in new[] { "leader", "follower" })
        {
            var theirs = PortOf(ensemble.Ports, role);
            var ours = PortOf([.. InteropCluster.Ports], role);
            using var atTheirs = OpenSession(theirs, role);
            using var atOurs = OpenSession(ours, role);
            CompareStatus(theirs, ours);
            CompareConnections(theirs, ours);
            CompareSettings(theirs, ours);
            CompareSessions(theirs, ours);
            CompareFigures(theirs, ours);
            foreach (var word in Plain)
                Assert.Equal((word, FormOf(Word.Ask(theirs, word))), (word, FormOf(Word.Ask(ours, word))));
        }
    }

    private static void CompareStatus(int theirs, int ours)
    {
        Assert.Equal(WithoutVersion(theirs, "srvr"), WithoutVersion(ours, "srvr"));

        // The connections come in no particular order.
        Assert.Equal(
            WithoutVersion(theirs, "stat").Order().Distinct(), WithoutVersion(ours, "stat").Order().Distinct());
    }

    private static void CompareConnections(int theirs, int ours)
    {
        var expected = Word.FormOf(Word.Ask(theirs, "cons"));
        var found = Word.FormOf(Word.Ask(ours, "cons"));
        Assert.Equal(expected.Order(), found.Order());
        Assert.Contains(found, line => line.Contains("lop=GETD", StringComparison.Ordinal));
        Assert.Equal(["", ""], found[^2..]);
    }

    private static void CompareSettings(int theirs, int ours)
    {
        var expected = Settings(theirs).Where(line => !ConfWithout.Contains(line));
        Assert.Equal(expected, Settings(ours));
        Assert.Equal(
            Word.Ask(theirs, "envi").Split('\n').Select(line => line.Split('=')[0]),
            Word.Ask(ours, "envi").Split('\n').Select(line => line.Split('=')[0]));
    }

    // Members, which the ensemble was not told its clients' addresses of, and the folders.
    private static IEnumerable<string> Settings(int port) => Word.Ask(port, "conf").Split('\n')
        .Select(line => line.StartsWith("data", StringComparison.Ordinal) ? line.Split('=')[0] : line)
        .Select(line => line.StartsWith("server.", StringComparison.Ordinal) ? line.Split(';')[0] : line)
        .Select(line => ConfigVersion.Replace(line, "version=H"))
        .SelectMany(Word.FormOf);

    private static void CompareSessions(int theirs, int ours) => Assert.Equal(
        DumpOf(theirs), DumpOf(ours));

    // Sessions of other tests may still have ephemerals here.
    private static IEnumerable<string> DumpOf(int port) => Form(port, "dump")
        .Select(line => line.StartsWith("\t/", StringComparison.Ordinal) ? "\tPATH" : line).Distinct().Order();

    private static void CompareFigures(int theirs, int ours)
    {
        var expected = Figures(theirs);
        var found = Figures(ours);
        Assert.Empty(found.Keys.Except(expected.Keys).Except(MntrBeyond));
        Assert.DoesNotContain(expected.Keys.Except(found.Keys), key => !LeftOut.IsMatch(key));
        Assert.Equal(expected["server_state"], found["server_state"]);
        foreach (var (key, value) in found.Where(pair => pair.Key is not ("version" or "peer_state")))
            Assert.Equal((key, FormOf(expected.GetValueOrDefault(key, value))), (key, FormOf(value)));
    }

    private static Dictionary<string, string> Figures(int port) => Word.Ask(port, "mntr").TrimEnd('\n').Split('\n')
        .Select(line => line.Split('\t')).ToDictionary(pair => pair[0]["zk_".Length..], pair => pair[1]);

    private static string FormOf(string answer) => string.Join('\n', Word.FormOf(answer));

    private static string[] Form(int port, string word) => Word.FormOf(Word.Ask(port, word));

    private static string[] WithoutVersion(int port, string word)
    {
        var lines = Form(port, word);
        Assert.StartsWith(Version, lines[0], StringComparison.Ordinal);
        return lines[1..];
    }

    private static int PortOf(IReadOnlyList<int> ports, string role) =>
        ports.First(port => Word.Ask(port, "srvr").Contains($"Mode: {role}\n", StringComparison.Ordinal));

    /// <summary>A session with an ephemeral and a watch, whose last request is a read.</summary>
    private static RawConnection OpenSession(int port, string role)
    {
        var connection = RawConnection.Greet(port, out _);
        var path = $"/words_of_{role}";
        Assert.Equal(0, connection.Call(CreateRequest(1, path, "x"u8, CreateMode.Ephemeral)).Error);
        Assert.Equal(0, connection.Call(ReadRequest(2, GetData, path, watch: true)).Error);
        return connection;
    }

    // A zxid in hexadecimal without 0x: where other tests have changed the membership it may hold letters.
    [GeneratedRegex("^version=[0-9a-f]+$")]
    private static partial Regex ConfigVersion { get; }

    // What counts stages, threads, throttles and caches that only ZooKeeper has.
    [GeneratedRegex(
        @"_processor_|_queue_|_queued|queue_size|queue_time|_qp_|commit_?proc|_final_proc_|_process_time|"
        + @"_committed_time|requests_in_session|reads_after_write|reads_issued|session_queues|write_batch_time|"
        + @"concurrent_request|time_waiting|connection_token|throttled_ops|throttle_|stale_re|response_packet_|"
        + @"dead_watcher|ensemble_auth_|jvm_pause|follower_sync|observer_sync|diff_count|inflight_|unrecoverable|"
        + @"per_namespace|outstanding_changes|proposal_ack_creation|proposal_process|close_session_prep|"
        + @"netty_queued|socket_closing|cnxn_closed_without|digest_mismatches|not_forwarded|skip_learner|disloyal|"
        + @"tls_handshake_exceeded|unsuccessful_handshake|insecure_admin|ack_latency_")]
    private static partial Regex LeftOut { get; }
}
