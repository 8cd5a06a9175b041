using System.Security.Cryptography;
using Coord.Node.Admin;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>
/// A node: the real replica on a log in memory, called turn by turn by whoever brings it something. Everything here
/// runs under the cluster's lock.
/// </summary>
internal sealed class InProcessNode : IReplicaInbox
{
    private const int PasswordBytes = 16;

    private readonly InProcessCluster cluster;
    private readonly MemoryLog log;
    private List<ReplicaInput> inputs = [];
    private List<ReplicaInput> taken = [];

    public InProcessNode(InProcessCluster cluster, NodeId id, IReadOnlyList<Member> founders)
    {
        this.cluster = cluster;
        Id = id;
        log = new MemoryLog(id, founders, this);
    }

    public NodeId Id { get; }

    public Replica? Replica { get; private set; }

    /// <summary>Counts its processes.</summary>
    public long Life { get; private set; }

    public bool IsRunning => Replica is not null;

    /// <summary>No message passes between it and the others.</summary>
    public bool IsIsolated { get; set; }

    public NodeStatus Status { get; private set; } = NodeStatus.Starting;

    public bool IsLeader => Replica?.Core.Status.Role == RaftRole.Leader;

    public bool HasWork => Replica is { } running && (inputs.Count > 0 || running.HasWork);

    public void Start()
    {
        Life++;
        Replica = new Replica(
            new ReplicaServices
            {
                Time = cluster.Time,
                Limits = cluster.Limits,
                RaftSettings = RunningReplica.SettingsOf(cluster.Limits),
                Log = log,
                Links = new MemoryLinks(this, cluster),
                Background = log,
                Sends = new SendsAtOnce(this),
                NewPassword = () => RandomNumberGenerator.GetBytes(PasswordBytes),
                Publish = status => Status = status,
            },
            log.Recover(Life));
        log.Bind(Replica.AfterPersist);
    }

    public void Kill()
    {
        Replica = null;
        inputs.Clear();
        Status = NodeStatus.Starting;
    }

    public void Post(ReplicaInput input)
    {
        if (IsRunning)
            inputs.Add(input);
    }

    public void RunTurn()
    {
        (inputs, taken) = (taken, inputs);
        Replica!.RunTurn(taken);
        taken.Clear();
    }
}
