using System.Net;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Networks;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// A server that the suite runs against. Those beside Coord are controls: what the suite finds in them, or does not,
/// tells what its silence about Coord is worth.
/// </summary>
internal sealed record Target
{
    // What the suite does around processes of any kind.
    private const ClusterNeeds Everywhere = ClusterNeeds.Namespaces | ClusterNeeds.ClientProxies;

    public required string Name { get; init; }

    /// <summary>The script that starts and hurts its nodes.</summary>
    public required string LauncherPath { get; init; }

    /// <summary>Rules that it does not promise to keep: told when broken, and no anomaly.</summary>
    public IReadOnlyList<string> UnpromisedRules { get; init; } = [];

    /// <summary>Asks a node what it is: "leader", something else, or null while it does not serve.</summary>
    public Func<IPEndPoint, Task<string?>> AskModeAsync { get; init; } = FourLetterWord.ModeAsync;

    /// <summary>Whether its nodes promise to end when their disk refuses what they have to store.</summary>
    public bool NodesEndWhenRefused { get; init; }

    /// <summary>
    /// Whether xids of a session may come again on its next connection. ZooKeeper's CommitProcessor knows a request by
    /// session and xid: it answers one of the new connection with the outcome of one of the old.
    /// </summary>
    public bool StandsRestartedXids { get; init; }

    /// <summary>What the suite can do to its nodes.</summary>
    public ClusterNeeds Gives { get; init; }

    /// <summary>Speaks etcd's protocol instead of ZooKeeper's, which crowds of further clients speak.</summary>
    public bool SpeaksEtcd { get; init; }

    /// <summary>The program without which it cannot be started, and where to get it; null where the suite builds it.
    /// </summary>
    public (string Path, string Package)? Program { get; init; }

    public static Target Coord { get; } = new()
    {
        Name = "coord", LauncherPath = Launcher.DefaultPath(), Gives = (ClusterNeeds)(-1),
        NodesEndWhenRefused = true, StandsRestartedXids = true,
    };

    /// <summary>
    /// Its sync is no quorum operation: a read may miss what another client has seen acknowledged, and a leader that
    /// was cut off may answer one from its own past.
    /// </summary>
    public static Target ZooKeeper { get; } = new()
    {
        Name = "zookeeper", LauncherPath = Script("zookeeper.sh"),
        UnpromisedRules = ["real-time", "linearizability", "set-lost", "G-single-realtime"],
        Program = ("/usr/share/java/zookeeper.jar", "zookeeper"),
        Gives = Everywhere | ClusterNeeds.DiskShim | ClusterNeeds.SmallFiles,
    };

    /// <summary>A serializable read is as old as its node, and its clients do not say how far they have read.</summary>
    public static Target Etcd { get; } = new()
    {
        Name = "etcd", LauncherPath = Script("etcd.sh"), UnpromisedRules = ["session-order"],
        Program = ("/usr/bin/etcd", "etcd-server"), AskModeAsync = EtcdMode.AskAsync, SpeaksEtcd = true,
        Gives = Everywhere,
    };

    public static IReadOnlyList<Target> All { get; } = [Coord, ZooKeeper, Etcd];

    /// <summary>Null when there is none of this name.</summary>
    public static Target? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>What faults cannot have on this target in this network, and why.</summary>
    public IReadOnlyDictionary<ClusterNeeds, string> Lacking(NetworkChoice network) =>
        Enum.GetValues<ClusterNeeds>().Where(need => (need & ~Gives) != ClusterNeeds.None)
            .ToDictionary(need => need, need => $"{need} are not on {Name}")
            .Concat(network.Lacking).DistinctBy(lack => lack.Key).ToDictionary();

    public bool Takes(Fault fault) =>
        (fault.Needs & ~Gives) == ClusterNeeds.None && !(SpeaksEtcd && fault.Nemesis == StormFaults.Storm);

    public bool Takes(WorkloadKind workload) => !SpeaksEtcd || workload.MakeOnEtcd is not null;

    /// <summary>The workload in the protocol of this target.</summary>
    public ILoad LoadOf(WorkloadKind workload, WorkloadContext context) =>
        !SpeaksEtcd ? new ZnodeLoad(workload.Make(context), context)
            : workload.MakeOnEtcd?.Invoke(context) ?? throw new ArgumentException($"{workload.Name} is not on {Name}");

    public CheckReport Check(WorkloadKind workload, IReadOnlyList<Operation> history) =>
        SpeaksEtcd ? EtcdRules.Check(history, workload.Check) : workload.Check(history);

    public bool Promises(string rule) => !UnpromisedRules.Contains(rule);

    private static string Script(string name) =>
        Path.Combine(Launcher.RepositoryRoot(), "tests", "Jepsen-like", "Targets", name);
}
