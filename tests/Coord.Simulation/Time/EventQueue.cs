namespace Coord.Simulation.Time;

/// <summary>
/// What is going to happen, by virtual time; what falls on the same instant, in the order it was planned.
/// </summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private long _number;

    /// <summary>Virtual time in microseconds since the run began.</summary>
    public long Now { get; private set; }

    public long Processed { get; private set; }

    public void After(long delay, Action action) => At(Now + Math.Max(0, delay), action);

    public void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, Now), _number++));

    /// <summary>Lets the next event happen; false when there is none up to the given time.</summary>
    public bool RunNext(long until)
    {
        if (!_events.TryPeek(out _, out var next) || next.At > until)
        {
            Now = Math.Max(Now, until);
            return false;
        }

        var action = _events.Dequeue();
        Now = next.At;
        Processed++;
        action();
        return true;
    }
}
