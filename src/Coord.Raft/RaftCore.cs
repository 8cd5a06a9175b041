namespace Coord.Raft;


/// <summary>
/// Raft as a state machine: inputs change memory only, outputs are handed over once per turn. Called from one thread,
/// holds no lock, reads no clock. The contract is in this project's README.
/// </summary>
public sealed class RaftCore
{
    private readonly RaftReady ready = new();
    private readonly RaftStart start;

    /// <summary>Starts from what the disk holds.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or the start contradicts itself.</exception>
    public RaftCore(RaftSettings settings, RaftStart start)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(start);
        settings.Validate();
        this.start = start;
    }

    /// <summary>
    /// A copy of what the core knows. Costs an allocation: for pages and metrics, not for every turn.
    /// </summary>
    public RaftStatus Status => new(
        start.Id,
        RaftRole.Follower,
        start.HardState.Term,
        null,
        start.SnapshotIndex,
        start.SnapshotIndex,
        start.LastIndex,
        start.LastIndex,
        start.SnapshotIndex,
        null,
        []);

    /// <summary>Takes one input. Changes memory only.</summary>
    /// <exception cref="InvariantViolatedException">The node must stop.</exception>
    public void Step(RaftInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ready.HasMore = false;
    }

    /// <summary>Hands over what the steps since the last call made necessary.</summary>
    public RaftReady TakeReady()
    {
        ready.HasMore = false;
        return ready;
    }
}
