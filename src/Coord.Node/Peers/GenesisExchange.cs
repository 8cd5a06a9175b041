using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// How a node with an empty data directory comes to its cluster (raft-design M14): it hears from every listed node
/// once;
/// all empty, they form the same genesis; one with a history that lists this incarnation, its genesis is taken over.
/// Otherwise the node waits: part of the nodes never found a cluster, since "the directory is empty" may as well mean
/// that disks were wiped.
/// </summary>
internal sealed class GenesisExchange
{
    private readonly object gate = new();
    private readonly Founder self;
    private readonly string clusterName;
    private readonly Dictionary<NodeId, UInt128?> heard;
    private Genesis? genesis;
    private string? refusal;

    public GenesisExchange(ProcessIdentity identity, string clusterName, IEnumerable<NodeId> nodes)
    {
        self = new Founder(identity.Id, identity.Incarnation);
        this.clusterName = clusterName;
        heard = nodes.ToDictionary(id => id, id => id == self.Id ? (UInt128?)self.Incarnation : null);
        lock (gate)
            FormIfComplete();
    }

    /// <summary>Why the node still waits, in one line.</summary>
    public string Waiting
    {
        get
        {
            lock (gate)
            {
                var missing = heard.Where(node => node.Value is null).Select(node => node.Key.Value).Order();
                return refusal
                    ?? $"a new cluster begins when all nodes were there once; not yet: {string.Join(", ", missing)}";
            }
        }
    }

    /// <summary>
    /// A listed node introduced itself, and the handshake found nothing wrong but what is judged here.
    /// </summary>
    public void Learn(PeerHello hello)
    {
        lock (gate)
        {
            if (genesis is not null || !heard.ContainsKey(hello.Node))
                return;
            if (hello.ClusterId == 0)
                heard[hello.Node] = hello.Incarnation;
            else
                TakeOver(hello);
            FormIfComplete();
        }
    }

    /// <summary>Waits for the genesis; null when <paramref name="stopping"/> was set first.</summary>
    public Genesis? Wait(CancellationToken stopping)
    {
        using var wake = stopping.Register(Wake);
        lock (gate)
        {
            while (genesis is null && !stopping.IsCancellationRequested)
                Monitor.Wait(gate);
            return genesis;
        }
    }

    private void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }

    private void TakeOver(PeerHello hello)
    {
        var known = new Genesis(hello.ClusterId, hello.Members);
        if (known.IncarnationOf(self.Id) == self.Incarnation)
        {
            genesis = known;
            Monitor.PulseAll(gate);
            return;
        }

        // raft-design M15: an empty directory under a member's id would let it vote twice.
        refusal = $"node {hello.Node.Value} belongs to a cluster with a history, in which this node's data directory "
            + "has no part; a replaced directory cannot take its predecessor's place";
    }

    private void FormIfComplete()
    {
        if (genesis is not null || refusal is not null || heard.Values.Any(incarnation => incarnation is null))
            return;
        genesis = Genesis.Of(clusterName, heard.Select(node => new Founder(node.Key, node.Value!.Value)));
        Monitor.PulseAll(gate);
    }
}
