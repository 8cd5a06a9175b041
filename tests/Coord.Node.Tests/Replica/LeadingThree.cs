using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Replica;

/// <summary>Node 1 of three, in office: its core and its membership's duties, with peers that answer at once.</summary>
internal sealed class LeadingThree
{
    public static readonly NodeId One = new(1);
    public static readonly NodeId Two = new(2);
    public static readonly NodeId Three = new(3);

    private readonly HashSet<NodeId> silent = [];

    public LeadingThree()
    {
        Directory = new MemberDirectory(new[] { One, Two, Three }.Select(id => new Member(
            id, (UInt128)id.Value, At(100 + id.Value), At(200 + id.Value), At(300 + id.Value))));
        Genesis = new Membership { Voters = [One, Two, Three], Directory = Directory.Encode() };
        Core = new RaftCore(new RaftSettings(), new RaftStart { Id = One, Membership = Genesis, Seed = 1 });
        Duties = new MembershipDuties(View, Core, Limits, NullLogger.Instance);
        while (!View.IsLeader || Core.Commit == default)
            Tick();
    }

    public NodeLimits Limits { get; } = NodeLimits.Default;

    public MemberDirectory Directory { get; }

    public Membership Genesis { get; }

    public RaftCore Core { get; }

    public ReplicaView View { get; } = new(One, processStart: 1);

    public MembershipDuties Duties { get; }

    public long NowMs { get; private set; }

    public void Silence(NodeId peer)
    {
        silent.Add(peer);
        Core.Step(new PeerUnreachable(peer));
    }

    public void Hear(NodeId peer) => silent.Remove(peer);

    /// <summary>Ten milliseconds pass, and all that they cause.</summary>
    public void Tick()
    {
        NowMs += 10;
        View.BeginTurn(NowMs, NowMs);
        Duties.Tick();
        Core.Step(new Tick(1));
        for (var ready = Core.TakeReady(); ; ready = Core.TakeReady())
        {
            if (ready.StatusIfChanged is { } status)
                View.Update(status);
            foreach (var refusal in ready.ChangesRefused)
                Duties.Refused(refusal);
            if (ready.Append is { } append)
                Core.Step(new Persisted(append.Sequence));
            if (ready.Committed.Count > 0)
                Core.Step(new Applied(ready.Committed[^1].Index));
            var messages = ready.Messages.Concat(ready.MessagesAfterPersist).ToList();
            messages.ForEach(Answer);
            if (messages.Count == 0 && ready.Append is null && ready.Committed.Count == 0)
                return;
        }
    }

    private void Answer(OutboundMessage message)
    {
        if (silent.Contains(message.To))
            return;
        RaftMessage? answer = message.Message switch
        {
            VoteRequest vote => new VoteResponse(vote.Term, Granted: true, vote.PreVote),
            Heartbeat beat => new HeartbeatResponse(beat.Term, beat.BarrierRound, IsStorageFull: false),
            AppendRequest append => new AppendResponse(
                append.Term, Accepted: true, new LogIndex(append.PreviousIndex.Value + append.Entries.Count), default,
                default, append.BarrierRound),
            _ => null,
        };
        if (answer is not null)
            Core.Step(new Received(message.To, answer));
    }

    private static NodeAddress At(int port) => new("127.0.0.1", port);
}
