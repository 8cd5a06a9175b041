using Coord.Node.Admin;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Disk;
using Coord.Simulation.Nodes;

namespace Coord.Simulation.Faults;

/// <summary>
/// Administrators that let nodes in and take them out, and disks that are replaced by empty ones (raft-design M8 to
/// M15). Orders go to the leader's real administration, one at a time.
/// </summary>
internal sealed class MembershipFaults(SimulatedWorld world, SeededRandom random, IReadOnlyList<SimulatedNode> nodes)
{
    // Of an order that nobody answers any more, because its leader is gone.
    private const long OrderTime = 12_000_000;

    private readonly DiskDamage _damage = new(world, random.Fork(), nodes);
    private AdminOrder? _order;
    private SimulatedNode? _at;
    private int _life;
    private long _since;

    /// <summary>An order may still change something.</summary>
    public bool IsUnderWay => _order is { Answer.Task.IsCompleted: false } && _at!.IsRunning && _at.Life == _life
        && world.Events.Now - _since < OrderTime;

    public void Strike()
    {
        if (IsUnderWay || world.Membership() is not { } membership || Leader() is not { } leader)
            return;

        TellAnswer();
        var kind = random.Below(10);
        if (Waiting(membership, isMember: true) is { } wiped && random.Chance(0.8))
            Order(leader, $"replace node {wiped.Id}", a => new ReplaceOrder(new NodeId(wiped.Id), kind == 9, a));
        else if (kind < 4)
            Add(leader, membership);
        else if (kind < 7)
            Remove(leader, membership, random.Pick(nodes), isForced: false);
        else if (kind == 7)
            Remove(leader, membership, leader, isForced: false);
        else if (kind == 8)
            RemoveDead(leader, membership);
        else
            Wipe(random.Pick(nodes), membership);
    }

    /// <summary>All must go well: nodes with new disks are put in the place of what they were.</summary>
    public void Repair()
    {
        world.Events.After(500_000, Repair);
        if (!IsUnderWay && world.Membership() is { } membership && Leader() is { } leader
            && Waiting(membership, isMember: true) is { } wiped)
            Order(leader, $"replace node {wiped.Id}", a => new ReplaceOrder(new NodeId(wiped.Id), false, a));
    }

    private SimulatedNode? Leader() => nodes.Where(n => n.IsLeader).MaxBy(n => n.Status!.Term);

    private SimulatedNode? Waiting(Membership membership, bool isMember) =>
        nodes.FirstOrDefault(n => n.IsWaiting && membership.Contains(new NodeId(n.Id)) == isMember);

    private void Add(SimulatedNode leader, Membership membership)
    {
        if (Waiting(membership, isMember: false) is { } spare)
            Order(leader, $"add node {spare.Id}", a => new AddOrder(new NodeId(spare.Id), a));
        else if (nodes.FirstOrDefault(n => !membership.Contains(new NodeId(n.Id))) is { } stranger)
            stranger.Wipe(); // It was a member: only an empty directory can become one again.
    }

    private void Remove(SimulatedNode leader, Membership membership, SimulatedNode victim, bool isForced)
    {
        if (!membership.Contains(new NodeId(victim.Id)) || !MayGo(membership, victim))
            return;

        var what = $"{(isForced ? "force out" : "remove")} node {victim.Id}";
        Order(leader, what, a => new RemoveOrder(new NodeId(victim.Id), isForced, a));
    }

    private void RemoveDead(SimulatedNode leader, Membership membership)
    {
        var dead = nodes.FirstOrDefault(n => !n.IsRunning && membership.Contains(new NodeId(n.Id)));
        if (dead is not null && dead != leader)
            Remove(leader, membership, dead, isForced: true);
    }

    // Whoever stays must be able to decide: of those that may have lost something at most a minority (T6).
    private bool MayGo(Membership membership, SimulatedNode victim)
    {
        var stay = nodes.Where(n => n != victim && membership.IsVoter(new NodeId(n.Id))).ToArray();
        return stay.Length >= (random.Chance(0.1) ? 1 : 2) && stay.Count(n => n.IsDamaged) <= (stay.Length - 1) / 2;
    }

    private void Wipe(SimulatedNode victim, Membership membership)
    {
        if (!victim.IsDamaged && membership.Contains(new NodeId(victim.Id)) && _damage.MayLose(victim))
            victim.Wipe();
    }

    private void Order(SimulatedNode leader, string what, Func<TaskCompletionSource<AdminAnswer>, AdminOrder> make)
    {
        world.Tell($"node {leader.Id} is told to {what}");
        (_at, _life, _since) = (leader, leader.Life, world.Events.Now);
        _order = make(new TaskCompletionSource<AdminAnswer>());
        leader.Post(_order);
    }

    private void TellAnswer()
    {
        if (_order is { Answer.Task.IsCompleted: true } done)
            world.Tell($"the answer was {done.Answer.Task.Result.Outcome}: {done.Answer.Task.Result.Text}");

        _order = null;
    }
}
