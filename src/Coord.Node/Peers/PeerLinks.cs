using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Peers;

/// <summary>
/// The links to all other nodes: one listener, and per peer a sender and a receiver, each on its own thread. Started
/// before the cluster exists, since its first use is to found it.
/// </summary>
internal sealed class PeerLinks : IPeerLinks, IDisposable
{
    private readonly Lock threadsGate = new();
    private readonly List<Thread> threads = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly PeerSelf self;
    private readonly PeerTable peers;
    private readonly GenesisExchange? exchange;
    private readonly PeerListener? listener;
    private readonly NodeLimits limits;
    private readonly ILogger logger;
    private Member? listedSelf;
    private ISnapshotTransfers? snapshots;

    /// <summary>Takes the peer port.</summary>
    /// <param name="settings">Who this node is, and whom to ask when it has no cluster.</param>
    /// <param name="identity">Who this process is.</param>
    /// <param name="genesis">How the cluster began; null while this node has none.</param>
    /// <param name="exchange">Finds the genesis where there is none.</param>
    /// <param name="logger">Where links are reported.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public PeerLinks(
        NodeSettings settings, ProcessIdentity identity, Genesis? genesis, GenesisExchange? exchange, ILogger logger)
    {
        (limits, this.exchange, this.logger) = (settings.Limits, exchange, logger);
        self = new PeerSelf(settings, identity, genesis);
        peers = new PeerTable(identity.Id, peer => new PeerLink(peer, self, limits, logger), StartSender, limits);
        Dialer = new PeerDialer(self, Learn, limits, settings.PeerTls);
        if (settings.HasPeerPort)
        {
            listener = new PeerListener(
                settings.Self.Peer.Resolve(), self, Learn, peers, limits, settings.PeerTls, logger);
        }
    }

    /// <summary>Opens further connections to peers, for snapshots.</summary>
    public PeerDialer Dialer { get; }

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        if (listener is not null)
            Run("peer listener", listener.Run);
        if (self.Genesis is null)
            peers.SetMembers(self.Configured);
    }

    /// <summary>The cluster exists and its genesis is durable here (raft-design M14).</summary>
    public void SetGenesis(Genesis genesis)
    {
        self.SetGenesis(genesis);
        WakeSenders();
    }

    /// <summary>The replica runs: links are made, and deliver to it from now on.</summary>
    public void Begin(IReplicaInbox inbox, IPeerView view, ISnapshotTransfers transfers)
    {
        snapshots = transfers;
        if (listener is not null)
            listener.Snapshots = transfers;
        self.SetReplica(inbox, view);
        SetMembers(view.Members);
        WakeSenders();
    }

    public void SetMembers(IReadOnlyList<Member> members)
    {
        peers.SetMembers(members);
        var listed = members.FirstOrDefault(member => member.Id == self.Id);
        if (listed is not null && listed != listedSelf)
            CompareAddresses(listed);
        listedSelf = listed;
    }

    public void Reconnect()
    {
        self.HasRecovered();
        foreach (var link in peers.All)
            link.Reconnect();
    }

    // Without a link there is nobody to tell: the engine counts such a peer as not connected.
    public void Send(NodeId to, PeerMessage message) => peers.Find(to)?.Send(message);

    public void Flush()
    {
        foreach (var link in peers.All)
            link.Outbox.Flush();
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term)
    {
        if (peers.Find(to) is { } link)
            snapshots!.Send(link, snapshot, term);
        else
            self.Inbox!.Post(new SnapshotSendEnded(to, snapshot, Success: false));
    }

    public void AbortSnapshots(Term before) => snapshots!.Abort(before);

    /// <summary>Closes the port and all links, and waits for their threads.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        listener?.Dispose();
        peers.End();
        Thread[] ending;
        lock (threadsGate)
            ending = [.. threads];
        foreach (var thread in ending)
            thread.Join(TimeSpan.FromSeconds(1));
        stopping.Dispose();
    }

    private void StartSender(PeerLink link) =>
        Run("peer sender", new PeerSender(link, self, peers, Dialer, limits, stopping.Token).Run);

    private void Run(string name, Action body)
    {
        lock (threadsGate)
        {
            threads.RemoveAll(thread => !thread.IsAlive);
            threads.Add(NodeThread.Start(name, body));
        }
    }

    /// <summary>A node answered an introduction, or introduced itself, while this one has no cluster.</summary>
    private void Learn(PeerHello mine, PeerHello theirs)
    {
        if (exchange is null || self.Genesis is not null)
            return;
        exchange.Learn(mine, theirs);
        if (theirs.ClusterId != 0)
            peers.Hear(theirs.Members); // The leader, who is to let this node in, may not be in cluster.json.
    }

    private void CompareAddresses(Member listed)
    {
        var own = self.Member;
        if ((listed.Peer, listed.Client, listed.Admin) != (own.Peer, own.Client, own.Admin))
        {
            PeerLog.AddressesDiffer(
                logger, listed.Peer, listed.Client, listed.Admin, own.Peer, own.Client, own.Admin);
        }
    }

    private void WakeSenders()
    {
        foreach (var link in peers.All)
            link.Outbox.Wake();
    }
}
