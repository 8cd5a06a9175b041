using System.Diagnostics;

namespace Coord.Client;

/// <summary>
/// The one thread that watches the deadlines and sends the heartbeats of every client on the system's clock.
/// </summary>
internal sealed class HeartThread
{
    // A beat is only ever late by scheduling, never by this: nothing waits longer without being asked again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly object gate = new();
    private readonly List<Entry> entries = [];

    internal HeartThread()
    {
        var thread = new Thread(Run, maxStackSize: 256 * 1024)
        {
            Name = "coord-heart",
            IsBackground = true,
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
    }

    internal IDisposable Add(IBeating beating)
    {
        var entry = new Entry(this, beating);
        lock (gate)
        {
            entries.Add(entry);
            Monitor.Pulse(gate);
        }

        return entry;
    }

    private void Run()
    {
        var due = new List<Entry>();
        while (true)
        {
            lock (gate)
            {
                var wait = CollectDue(due);
                if (due.Count == 0)
                {
                    Monitor.Wait(gate, wait);
                    continue;
                }
            }

            foreach (var entry in due)
                entry.BeatNow();
            due.Clear();
        }
    }

    private TimeSpan CollectDue(List<Entry> due)
    {
        var now = Stopwatch.GetTimestamp();
        var wait = LongestWait;
        foreach (var entry in entries)
        {
            var left = Stopwatch.GetElapsedTime(now, entry.DueAt);
            if (left <= TimeSpan.Zero)
                due.Add(entry);
            else if (left < wait)
                wait = left;
        }

        // Monitor.Wait counts whole milliseconds and would spin on less than one.
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private sealed class Entry(HeartThread owner, IBeating beating) : IDisposable
    {
        private volatile bool isDisposed;

        internal long DueAt { get; private set; }

        public void Dispose()
        {
            isDisposed = true;
            lock (owner.gate)
                owner.entries.Remove(this);
        }

        internal void BeatNow()
        {
            if (isDisposed)
                return;
            var next = beating.Beat();
            DueAt = Stopwatch.GetTimestamp() + (long)(next.TotalSeconds * Stopwatch.Frequency);
        }
    }
}
