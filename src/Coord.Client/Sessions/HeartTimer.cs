namespace Coord.Client;

/// <summary>Drives one client by timers of its own time provider.</summary>
internal sealed class HeartTimer : IDisposable
{
    private readonly IBeating beating;
    private readonly ITimer timer;
    private volatile bool isDisposed;

    internal HeartTimer(IBeating beating, TimeProvider provider)
    {
        this.beating = beating;
        timer = provider.CreateTimer(
            static self => ((HeartTimer)self!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(beating.Beat(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        isDisposed = true;
        timer.Dispose();
    }

    private void OnTick()
    {
        var next = beating.Beat();
        if (!isDisposed)
            timer.Change(next, Timeout.InfiniteTimeSpan);
    }
}
