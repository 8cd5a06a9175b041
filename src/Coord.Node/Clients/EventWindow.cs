namespace Coord.Node.Clients;

/// <summary>
/// Connections that were told of events, and whose sends may still wait. They go in shares, two at a time: one is
/// being sent while the next is written, and whoever comes in between finds no more than that ahead of him.
/// </summary>
internal sealed class EventWindow(int sendsMax, IClientSends sends)
{
    private readonly int share = Math.Max(1, sendsMax / 2);
    private readonly Queue<int> marked = [];
    private int unmarked;
    private int underWay;
    private int leftInTurn = Math.Max(1, sendsMax / 2);

    /// <summary>Connections that this turn may still write events to.</summary>
    public int Room => Math.Min(leftInTurn, sendsMax - underWay);

    /// <summary>The next turn may write some, without waiting for sends.</summary>
    public bool HasRoomNext => underWay < sendsMax;

    /// <summary>So many more are written to. Who must not wait, ahead of a reply, may exceed the room.</summary>
    public void Take(int connections)
    {
        unmarked += connections;
        underWay += connections;
        leftInTurn -= connections;
    }

    /// <summary>What the turn wrote is flushed. A few now and then need no mark.</summary>
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
