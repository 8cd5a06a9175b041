using System.Diagnostics;

namespace Coord.Node.Clients;

/// <summary>
/// How long one connection's reader may keep the thread that hears of sockets: so many reads, or the replica's turns
/// that it takes for what it read, when these are most of what the thread did meanwhile.
/// </summary>
/// <param name="since">When it began, as <see cref="Stopwatch"/> has it.</param>
internal struct ReadPace(long since)
{
    // Some tens of microseconds each.
    private const int ReadsMax = 64;

    private static readonly TimeSpan TurnsMax = TimeSpan.FromMicroseconds(250);

    private int reads;
    private long since = since;
    private long inTurns;

    /// <summary>The next read is another thread's.</summary>
    public bool IsOver { get; private set; }

    public void HasRead()
    {
        if (++reads >= ReadsMax)
            IsOver = true;
    }

    /// <summary>
    /// The reader took turns. A lone client's are few and far between; one that sends without end fills its thread.
    /// </summary>
    public void HadTurns(long begun, long ended)
    {
        inTurns += ended - begun;
        if (Stopwatch.GetElapsedTime(0, inTurns) < TurnsMax)
            return;
        IsOver |= inTurns > (ended - since) / 2;
        (since, inTurns) = (ended, 0);
    }
}
