using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// The links to all other nodes, if there are any: one listener, and per peer a sender and a receiver, each on its
/// own thread. Started
/// before the cluster exists, since its first use is to found it.
/// </summary>
internal sealed class PeerLinks : IPeerLinks, IDisposable
{
    private readonly Dictionary<NodeId, PeerLink> links;
    private readonly List<PeerSender> senders = [];
    private readonly List<Thread> threads = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly PeerSelf self;
    private readonly PeerListener? listener;
    private ISnapshotTransfers? snapshots;

    /// <summary>Takes the peer port.</summary>
    /// <param name="settings">Who the nodes are.</param>
    /// <param name="identity">Who this process is.</param>
    /// <param name="genesis">How the cluster began; null while this node has none.</param>
    /// <param name="exchange">Finds the genesis where there is none.</param>
    /// <param name="logger">Where links are reported.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public PeerLinks(
        NodeSettings settings, ProcessIdentity identity, Genesis? genesis, GenesisExchange? exchange, ILogger logger)
    {
        var limits = settings.Limits;
        self = new PeerSelf(settings.Cluster, identity, genesis, limits);
        links = settings.Cluster.Nodes.Where(node => node.Id != identity.Id)
            .ToDictionary(node => node.Id, node => new PeerLink(node, limits, logger));
        Dialer = new PeerDialer(self, exchange, limits);
        foreach (var link in links.Values)
            senders.Add(new PeerSender(link, self, Dialer, limits, stopping.Token));
        if (links.Count > 0)
            listener = new PeerListener(settings.Self.Peer.Resolve(), self, exchange, links, limits, logger);
    }

    /// <summary>Opens further connections to peers, for snapshots.</summary>
    public PeerDialer Dialer { get; }

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        if (listener is not null)
            threads.Add(NodeThread.Start("peer listener", listener.Run));
        foreach (var sender in senders)
            threads.Add(NodeThread.Start("peer sender", sender.Run));
    }

    /// <summary>The cluster exists and its genesis is durable here (raft-design M14).</summary>
    public void SetGenesis(Genesis genesis)
    {
        self.SetGenesis(genesis);
        foreach (var link in links.Values)
            link.Outbox.Wake();
    }

    /// <summary>The replica runs: links are made, and deliver to it from now on.</summary>
    public void Begin(IReplicaInbox inbox, IPeerView view, ISnapshotTransfers transfers)
    {
        snapshots = transfers;
        if (listener is not null)
            listener.Snapshots = transfers;
        foreach (var link in links.Values)
            link.Begin(inbox);
        self.SetView(view);
        foreach (var link in links.Values)
            link.Outbox.Wake();
    }

    public void Send(NodeId to, PeerMessage message) => links[to].Send(message);

    public void Flush()
    {
        foreach (var link in links.Values)
            link.Outbox.Flush();
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term) =>
        snapshots!.Send(links[to], snapshot, term);

    public void AbortSnapshots(Term before) => snapshots!.Abort(before);

    /// <summary>Closes the port and all links, and waits for their threads.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        listener?.Dispose();
        foreach (var link in links.Values)
            link.Stop();
        foreach (var thread in threads)
            thread.Join(TimeSpan.FromSeconds(1));
        stopping.Dispose();
    }
}
