using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// How a node with an empty data directory comes to its cluster (raft-design M14): it hears from every listed node
/// once; all empty, they form the same genesis. One that has a history lets this node in once its members list this
/// incarnation: then its genesis is taken over (M9, M15). Otherwise the node waits: part of the nodes never found a
/// cluster, since "the directory is empty" may as well mean that disks were wiped.
/// </summary>
internal sealed class GenesisExchange
{
    private readonly object gate = new();
    private readonly Member self;
    private readonly string clusterName;
    private readonly Dictionary<NodeId, Member?> heard;
    private Genesis? genesis;
    private string? refusal;

    /// <param name="self">This node.</param>
    /// <param name="clusterName">As configured: part of the cluster's id.</param>
    /// <param name="nodes">The configured nodes, this one too.</param>
    public GenesisExchange(Member self, string clusterName, IEnumerable<NodeId> nodes)
    {
        this.self = self;
        this.clusterName = clusterName;
        heard = nodes.ToDictionary(id => id, id => id == self.Id ? self : null);
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
    /// <param name="mine">What this node said.</param>
    /// <param name="theirs">What the other one said.</param>
    public void Learn(PeerHello mine, PeerHello theirs)
    {
        lock (gate)
        {
            if (genesis is not null)
                return;
            if (theirs.ClusterId != 0)
                TakeOver(mine, theirs);
            else if (heard.ContainsKey(theirs.Node))
                heard[theirs.Node] = theirs.Self;
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

    private void TakeOver(PeerHello mine, PeerHello theirs)
    {
        var known = theirs.Find(self.Id);
        if (known?.Incarnation == self.Incarnation && theirs.Genesis.Count > 0)
        {
            genesis = new Genesis(theirs.ClusterId, theirs.Genesis);
            Monitor.PulseAll(gate);
            return;
        }

        // raft-design M15: an empty directory under a member's id would let it vote twice.
        var verdict = known is null ? PeerVerdict.NotAMember : PeerVerdict.Incarnation;
        if (refusal is null || theirs.KnownLeader.Value > 0)
            refusal = "waiting to be let in: " + HandshakeRules.Explain(verdict, mine, theirs);
    }

    private void FormIfComplete()
    {
        if (genesis is not null || refusal is not null || heard.Values.Any(node => node is null))
            return;
        genesis = Genesis.Of(clusterName, heard.Values.Select(node => node!));
        Monitor.PulseAll(gate);
    }
}
