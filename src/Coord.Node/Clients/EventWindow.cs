namespace Coord.Node.Clients;

/// <summary>
/// Events that were written and whose sends may still wait. They go in shares, two at a time: one is being sent while
/// the next is written, and whoever comes in between finds no more than that ahead of him.
/// </summary>
internal sealed class EventWindow(int eventsMax, IClientSends sends)
{
    private readonly int share = Math.Max(1, eventsMax / 2);
    private readonly Queue<int> marked = [];
    private int unmarked;
    private int underWay;
    private int leftInTurn = Math.Max(1, eventsMax / 2);

    /// <summary>Events that this turn may still write.</summary>
    public int Room => Math.Min(leftInTurn, eventsMax - underWay);

    /// <summary>The next turn may write some, without waiting for sends.</summary>
    public bool HasRoomNext => underWay < eventsMax;

    /// <summary>So many are written. Those that must not wait, ahead of a reply, may exceed the room.</summary>
    public void Take(int events)
    {
        unmarked += events;
        underWay += events;
        leftInTurn -= events;
    }

    /// <summary>What the turn wrote is flushed. A few events now and then need no mark.</summary>
    public void EndTurn(bool othersWait)
    {
        leftInTurn = share;
        if (unmarked == 0 || (unmarked < share && !othersWait))
            return;
        marked.Enqueue(unmarked);
        unmarked = 0;
        sends.Mark();
    }

    /// <summary>The oldest mark came back.</summary>
    public void Taken() => underWay -= marked.Dequeue();
}
