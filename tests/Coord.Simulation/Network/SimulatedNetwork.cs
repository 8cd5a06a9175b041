using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Disk;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Network;

/// <summary>
/// Links between nodes: messages are delayed, lost, doubled and reordered, directions are cut; a link that is cut for
/// long ends, and a refused connection tells that a process is gone (raft-design T3, E18).
/// </summary>
internal sealed class SimulatedNetwork
{
    private const long DialInterval = 60_000;
    private const long SilenceUntilDown = 1_200_000;

    private readonly EventQueue _events;
    private readonly RunShape _shape;
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly INetworkHost[] _hosts;
    private readonly List<SimulatedLink> _links = [];
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly HashSet<(int From, int To)> _dropping = [];

    public SimulatedNetwork(
        EventQueue events, RunShape shape, SeededRandom random, Trace trace, IReadOnlyList<INetworkHost> hosts)
    {
        _events = events;
        _shape = shape;
        _random = random;
        _trace = trace;
        _hosts = hosts.ToArray();
        for (var low = 1; low <= hosts.Count; low++)
        {
            for (var high = low + 1; high <= hosts.Count; high++)
            {
                var link = new SimulatedLink(low, high);
                _links.Add(link);
                events.After(random.Below((int)DialInterval), () => Dial(link));
            }
        }
    }

    /// <summary>Loss, duplicates and very slow messages happen; off in the phase in which all must go well.</summary>
    public bool IsFaulty { get; set; } = true;

    public long Delivered { get; private set; }

    /// <summary>Nothing passes in this direction until <see cref="Heal"/>.</summary>
    public void Cut(int from, int to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    public bool CanPass(int from, int to) => !_cuts.Contains((from, to));

    public bool IsUp(int from, int to) => LinkOf(from, to).IsUp;

    /// <summary>The process ended: its links break, and the others notice soon.</summary>
    public void Stopped(int id)
    {
        foreach (var link in _links.Where(l => l.IsUp && (l.Low == id || l.High == id)))
            Break(link);
    }

    public void Send(int from, int to, byte[] frame)
    {
        var link = LinkOf(from, to);
        if (!link.IsUp)
        {
            if (_dropping.Add((from, to)))
                HostOf(from).Post(new PeerMessageDropped(new NodeId(to)));

            return;
        }

        _dropping.Remove((from, to));
        if (!CanPass(from, to) || (IsFaulty && _random.Chance(_shape.LossChance)))
            return;

        Deliver(link, from, to, frame);
        if (IsFaulty && _random.Chance(_shape.DuplicateChance))
            Deliver(link, from, to, frame);
    }

    /// <summary>How long one message takes.</summary>
    public long DrawDelay()
    {
        var delay = (long)_shape.DelayMin + _random.Below(_shape.DelaySpread + 1);
        return IsFaulty && _random.Chance(_shape.SlowMessageChance) ? delay * _random.Between(5, 100) : delay;
    }

    private void Deliver(SimulatedLink link, int from, int to, byte[] frame)
    {
        var arrival = _events.Now + DrawDelay();
        var direction = from < to ? 0 : 1;
        if (!(IsFaulty && _shape.CanReorder))
            arrival = Math.Max(arrival, link.LastArrival[direction]);

        link.LastArrival[direction] = Math.Max(arrival, link.LastArrival[direction]);
        var session = link.Session;
        _events.At(arrival, () =>
        {
            if (!link.IsUp || link.Session != session || !CanPass(from, to) || !HostOf(to).IsRunning)
                return;

            // Bytes of its own for each arrival: the receiver slices and stamps them.
            if (!PeerCodec.TryRead(frame.ToArray(), out var message))
                throw new SimulationFailedException($"a message from node {from} to node {to} cannot be decoded");

            Delivered++;
            _trace.Mix(_events.Now, to, from, frame.Length);
            HostOf(to).Post(new FromPeer(new NodeId(from), session, message!));
        });
    }

    private void Dial(SimulatedLink link)
    {
        _events.After(DialInterval + _random.Below(5_000), () => Dial(link));
        var canPass = CanPass(link.Low, link.High) && CanPass(link.High, link.Low);
        if (link.IsUp)
        {
            EndIfSilent(link, canPass);
            return;
        }

        var (low, high) = (HostOf(link.Low), HostOf(link.High));
        if (!canPass || (!low.IsRunning && !high.IsRunning))
            return;

        if (low.IsRunning && high.IsRunning)
            Connect(link, low, high);
        else if (low.IsRunning && high.IsMachineOn)
            low.Post(new PeerProcessGone(new NodeId(high.Id)));
        else if (high.IsRunning && low.IsMachineOn)
            high.Post(new PeerProcessGone(new NodeId(low.Id)));
    }

    private void EndIfSilent(SimulatedLink link, bool canPass)
    {
        if (canPass)
            link.BlockedSince = -1;
        else if (link.BlockedSince < 0)
            link.BlockedSince = _events.Now;
        else if (_events.Now - link.BlockedSince > SilenceUntilDown)
            Break(link);
    }

    private void Connect(SimulatedLink link, INetworkHost low, INetworkHost high)
    {
        link.Session++;
        link.IsUp = true;
        link.BlockedSince = -1;
        Announce(low, high, link.Session);
        Announce(high, low, link.Session);
    }

    private void Announce(INetworkHost at, INetworkHost peer, long session)
    {
        NodeId? leader = peer.KnownLeader is { } known ? new NodeId(known) : null;
        at.Post(new PeerUp(new NodeId(peer.Id), session, peer.StartNumber, IsRecovering: false, leader));
        _dropping.Remove((at.Id, peer.Id));
    }

    private void Break(SimulatedLink link)
    {
        link.IsUp = false;
        foreach (var (at, peer) in new[] { (link.Low, link.High), (link.High, link.Low) })
        {
            if (HostOf(at).IsRunning)
                HostOf(at).Post(new PeerDown(new NodeId(peer)));
        }
    }

    private INetworkHost HostOf(int id) => _hosts[id - 1];

    private SimulatedLink LinkOf(int a, int b) =>
        _links.First(l => l.Low == Math.Min(a, b) && l.High == Math.Max(a, b));
}
