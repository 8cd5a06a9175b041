using Coord.Raft;
using Coord.Simulation.Faults;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Checks;

/// <summary>
/// Offices that must end: a leader that no quorum answers for two election timeouts is none (raft-design E7). Not in
/// runs where nodes stand still: such a leader takes another timeout after each pause (E14).
/// </summary>
internal sealed class OfficeChecker(EventQueue events, RunShape shape)
{
    private readonly Dictionary<int, (Term Term, Membership Membership, long Since)> _offices = [];
    private readonly bool _isOff = shape.Has(FaultKind.Pauses) || shape.Has(FaultKind.SlowCpu);

    /// <summary>After a turn.</summary>
    public void Turned(RaftStatus status)
    {
        var id = status.Id.Value;
        if (_isOff || status.Role != RaftRole.Leader)
        {
            _offices.Remove(id);
            return;
        }

        // With another membership others are asked, who may have been silent before: it is judged from then on.
        if (!_offices.TryGetValue(id, out var office) || office.Term != status.Term
            || !ReferenceEquals(office.Membership, status.Membership))
            _offices[id] = office = (status.Term, status.Membership, events.Now);

        // Of a new leader each peer counts as unheard at first.
        var ticksMax = (2 * shape.Limits.ElectionTicks) + shape.Limits.HeartbeatTicks;
        if (events.Now - office.Since <= TimeOf(ticksMax))
            return;

        var heard = status.Peers.Where(p => p.TicksSinceHeard <= ticksMax).Select(p => p.Id.Value).ToHashSet();
        if (!Quorums.Has(status.Membership, node => node == id || heard.Contains(node)))
        {
            throw new SimulationFailedException(
                $"node {id} leads in term {status.Term}, and no quorum answers for more than {ticksMax} ticks");
        }
    }

    // By the slowest clock.
    private long TimeOf(int ticks) =>
        (long)(ticks * shape.Limits.ReplicaTick.TotalMicroseconds / (1 - shape.ClockDrift)) + 1;
}
