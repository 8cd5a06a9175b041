using System.Diagnostics;

namespace Coord.Client.Testing;

/// <summary>
/// Lets a cluster's time run with the machine's. On a machine that stalls it runs slower instead of jumping: nobody's
/// session ends because a test had to wait for a processor.
/// </summary>
internal sealed class ClockDrive : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider time;
    private readonly Thread thread;
    private volatile bool isStopping;

    public ClockDrive(FakeTimeProvider time)
    {
        this.time = time;
        thread = new Thread(Run) { IsBackground = true, Name = "coord-test-time" };
        thread.Start();
    }

    public void Dispose()
    {
        isStopping = true;
        if (thread != Thread.CurrentThread)
            thread.Join();
    }

    private void Run()
    {
        for (var last = Stopwatch.GetTimestamp(); !isStopping;)
        {
            Thread.Sleep(Wait);
            var now = Stopwatch.GetTimestamp();
            var passed = Stopwatch.GetElapsedTime(last, now);
            last = now;
            time.Pass(passed < StepMax ? passed : StepMax);
        }
    }
}
