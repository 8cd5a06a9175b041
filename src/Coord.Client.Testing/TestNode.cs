using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>A node of a <see cref="CoordTestCluster"/>. Thread-safe.</summary>
public sealed class TestNode
{
    private readonly InProcessCluster cluster;

    internal TestNode(InProcessCluster cluster, NodeId id, string address)
    {
        this.cluster = cluster;
        Number = id;
        Address = address;
    }

    /// <summary>Its number, from 1.</summary>
    public int Id => Number.Value;

    /// <summary>Host and port for clients that the test makes itself.</summary>
    public string Address { get; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => cluster.Look(() => cluster.Node(Number).IsRunning);

    /// <summary>Whether it leads. A leader that was isolated takes itself for one until its time is up.</summary>
    public bool IsLeader => cluster.Look(() => cluster.Node(Number).IsLeader);

    internal NodeId Number { get; }

    /// <summary>
    /// Ends it without a word: its connections break, and what it had in memory is gone. Its log stays. Time moves on
    /// until the others, if they are enough, have a leader.
    /// </summary>
    /// <returns>When they have.</returns>
    public Task KillAsync() => Task.Run(() =>
    {
        cluster.Kill(Number);
        cluster.Elect();
    });

    /// <summary>Starts it again on its log. Time moves on until it serves, if there are enough nodes.</summary>
    /// <returns>When it does.</returns>
    public Task RestartAsync() => Task.Run(() =>
    {
        if (!IsRunning)
            cluster.Start(Number);
        cluster.Elect();
    });

    /// <summary>
    /// Lets no message pass between it and the other nodes until <see cref="Rejoin"/>; clients reach it still. It
    /// answers reads from what it knows, and closes their connections when it has known no leader for two seconds of
    /// the cluster's time; after that it serves those who accept to read only.
    /// </summary>
    public void Isolate() => cluster.Isolate(Number);

    /// <summary>Lets messages pass again.</summary>
    public void Rejoin() => cluster.Rejoin(Number);

    /// <summary>Its number and role.</summary>
    /// <returns>For messages of tests.</returns>
    public override string ToString() => $"node {Id}{(IsLeader ? ", leading" : IsRunning ? "" : ", not running")}";
}
