using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Network;

/// <summary>
/// Links between nodes: messages are delayed, lost, doubled, reordered and held up, directions are cut; a link that is
/// cut for long ends, and a refused connection tells that a process is gone (raft-design T3, E18).
/// </summary>
internal sealed class SimulatedNetwork
{
    private const long DialInterval = 60_000;
    private const long SilenceUntilDown = 1_200_000;
    private const long UnlistedUntilDown = 2_000_000;

    private readonly EventQueue _events;
    private readonly RunShape _shape;
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly INetworkHost[] _hosts;
    private readonly SimulatedLink?[,] _links;
    private readonly int[,] _cuts;
    private readonly long[,] _cloggedUntil;
    private readonly bool[,] _dropping;

    public SimulatedNetwork(
        EventQueue events, RunShape shape, SeededRandom random, Trace trace, IReadOnlyList<INetworkHost> hosts)
    {
        _events = events;
        _shape = shape;
        _random = random;
        _trace = trace;
        _hosts = hosts.ToArray();
        var size = hosts.Count + 1;
        _links = new SimulatedLink?[size, size];
        _cuts = new int[size, size];
        _cloggedUntil = new long[size, size];
        _dropping = new bool[size, size];
        for (var low = 1; low <= hosts.Count; low++)
        {
            for (var high = low + 1; high <= hosts.Count; high++)
            {
                var link = new SimulatedLink(low, high);
                _links[low, high] = _links[high, low] = link;
                events.After(random.Below((int)DialInterval), () => Dial(link));
            }
        }
    }

    /// <summary>Loss, duplicates and very slow messages happen; off in the phase in which all must go well.</summary>
    public bool IsFaulty { get; set; } = true;

    public long Delivered { get; private set; }

    /// <summary>Nothing passes in this direction until <see cref="Mend"/> or <see cref="Heal"/>.</summary>
    public void Cut(int from, int to) => _cuts[from, to]++;

    public void Mend(int from, int to) => _cuts[from, to] = Math.Max(0, _cuts[from, to] - 1);

    /// <summary>What is sent in this direction arrives at that time, all at once.</summary>
    public void Clog(int from, int to, long until) => _cloggedUntil[from, to] = until;

    public void Heal()
    {
        Array.Clear(_cuts);
        Array.Clear(_cloggedUntil);
    }

    public bool CanPass(int from, int to) => _cuts[from, to] == 0;

    public bool IsUp(int from, int to) => _links[from, to]!.IsUp;

    /// <summary>The links of a node break: its process ended, or it has to greet anew.</summary>
    public void Unlink(int id)
    {
        for (var other = 1; other <= _hosts.Length; other++)
        {
            if (_links[id, other] is { IsUp: true } link)
                Break(link);
        }
    }

    public void Send(int from, int to, byte[] frame)
    {
        var link = _links[from, to]!;
        if (!link.IsUp)
        {
            if (!_dropping[from, to])
                HostOf(from).Post(new PeerMessageDropped(new NodeId(to)));

            _dropping[from, to] = true;
            return;
        }

        _dropping[from, to] = false;
        if (!CanPass(from, to) || Happens(FaultKind.Loss, _shape.LossChance))
            return;

        Deliver(link, from, to, frame);
        if (Happens(FaultKind.Duplicates, _shape.DuplicateChance))
            Deliver(link, from, to, frame);
    }

    /// <summary>How long one message takes.</summary>
    public long DrawDelay()
    {
        var delay = (long)_shape.DelayMin + _random.Below(_shape.DelaySpread + 1);
        return Happens(FaultKind.SlowMessages, _shape.SlowMessageChance) ? delay * _random.Between(5, 100) : delay;
    }

    private bool Happens(FaultKind kind, double chance) => IsFaulty && _shape.Has(kind) && _random.Chance(chance);

    private void Deliver(SimulatedLink link, int from, int to, byte[] frame)
    {
        var arrival = _events.Now + DrawDelay();
        var direction = from < to ? 0 : 1;
        if (_cloggedUntil[from, to] > arrival)
            arrival = _cloggedUntil[from, to];

        if (!(IsFaulty && _shape.Has(FaultKind.Reordering)))
            arrival = Math.Max(arrival, link.LastArrival[direction]);

        link.LastArrival[direction] = Math.Max(arrival, link.LastArrival[direction]);
        var session = link.Session;
        _events.At(arrival, () => Arrive(link, session, from, to, frame));
    }

    private void Arrive(SimulatedLink link, long session, int from, int to, byte[] frame)
    {
        if (!link.IsUp || link.Session != session || !CanPass(from, to) || !HostOf(to).IsRunning)
            return;

        // Bytes of its own for each arrival: the receiver slices and stamps them.
        if (!PeerCodec.TryRead(frame.ToArray(), out var message))
            throw new SimulationFailedException($"a message from node {from} to node {to} cannot be decoded");

        Delivered++;
        _trace.Mix(_events.Now, to, from, frame.Length);
        HostOf(to).Post(new FromPeer(new NodeId(from), session, message!));
    }

    private void Dial(SimulatedLink link)
    {
        _events.After(DialInterval + _random.Below(5_000), () => Dial(link));
        var canPass = CanPass(link.Low, link.High) && CanPass(link.High, link.Low);
        var (low, high) = (HostOf(link.Low), HostOf(link.High));
        var isListed = low.Lists(high.Id) || high.Lists(low.Id);
        if (link.IsUp)
        {
            EndIfSilent(link, canPass);
            EndIfUnlisted(link, isListed);
            return;
        }

        if (!canPass || !isListed)
            return;

        if (low.IsRunning && high.IsRunning)
            Greet(link, low, high);
        else if (low.IsRunning && high is { IsMachineOn: true, IsWaiting: false })
            low.Post(new PeerProcessGone(new NodeId(high.Id)));
        else if (high.IsRunning && low is { IsMachineOn: true, IsWaiting: false })
            high.Post(new PeerProcessGone(new NodeId(low.Id)));
    }

    // raft-design I1: both must accept the other.
    private void Greet(SimulatedLink link, INetworkHost low, INetworkHost high)
    {
        var (one, other) = (low.Greet(high.Id, PeerChannel.Link), high.Greet(low.Id, PeerChannel.Link));
        if (HandshakeRules.Check(one, other) == PeerVerdict.Accepted
            && HandshakeRules.Check(other, one) == PeerVerdict.Accepted)
            Connect(link, low, high);
    }

    // Raft-design M11, M12: a link to a node that is no member any more ends after a while.
    private void EndIfUnlisted(SimulatedLink link, bool isListed)
    {
        if (isListed)
            link.UnlistedSince = -1;
        else if (link.UnlistedSince < 0)
            link.UnlistedSince = _events.Now;
        else if (link.IsUp && _events.Now - link.UnlistedSince > UnlistedUntilDown)
            Break(link);
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
        link.UnlistedSince = -1;
        Announce(low, high, link.Session);
        Announce(high, low, link.Session);
    }

    private void Announce(INetworkHost at, INetworkHost peer, long session)
    {
        NodeId? leader = peer.KnownLeader is { } known ? new NodeId(known) : null;
        at.Post(new PeerUp(new NodeId(peer.Id), session, peer.StartNumber, peer.IsRecovering, leader)
        {
            FeatureLevelMax = FeatureLevels.Max,
        });
        _dropping[at.Id, peer.Id] = false;
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
}
