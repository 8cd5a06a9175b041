namespace Coord.Client;

/// <summary>
/// Watches over an ephemeral znode that stands for something held. Its token fires once: when the session is given up,
/// or when a heartbeat finds the znode gone. It never fires because the guard was disposed.
/// </summary>
public sealed class ZnodeGuard : IDisposable
{
    private readonly CancellationTokenSource lost = new();
    private readonly GuardBook book;
    private int isDisposed;

    internal ZnodeGuard(GuardBook book, string path, string serverPath, CoordSession session)
    {
        this.book = book;
        Path = path;
        ServerPath = serverPath;
        Session = session;
    }

    /// <summary>The znode, without chroot.</summary>
    public string Path { get; }

    /// <summary>The session the znode belongs to.</summary>
    public CoordSession Session { get; }

    /// <summary>Fires once, on loss. Live also after disposal. Callbacks run on the thread pool.</summary>
    public CancellationToken LostToken => lost.Token;

    /// <summary>Whether the token has fired or the session's deadline has passed.</summary>
    public bool IsLost =>
        lost.IsCancellationRequested || (Volatile.Read(ref isDisposed) == 0 && Session.Remaining == TimeSpan.Zero);

    internal string ServerPath { get; }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            book.Remove(this);
    }

    internal void Lose()
    {
        if (Volatile.Read(ref isDisposed) == 0)
            book.Observe(lost.CancelAsync());
    }
}
