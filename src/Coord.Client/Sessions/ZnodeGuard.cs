namespace Coord.Client;

/// <summary>
/// Watches over an ephemeral znode that stands for something held. Its token fires once: when the session is given up,
/// or when a heartbeat finds the znode gone. It never fires because the guard was disposed.
/// </summary>
public sealed class ZnodeGuard : IDisposable
{
    private readonly CancellationTokenSource lost = new();
    private readonly GuardBook book;
    private readonly string prefix;
    private volatile string path;
    private volatile bool isPaused;
    private int isDisposed;

    internal ZnodeGuard(GuardBook book, string path, string serverPath, CoordSession session)
    {
        this.book = book;
        this.path = path;
        prefix = serverPath[..^path.Length];
        Session = session;
    }

    /// <summary>The znode, without chroot.</summary>
    public string Path => path;

    /// <summary>The session the znode belongs to.</summary>
    public CoordSession Session { get; }

    /// <summary>Fires once, on loss. Live also after disposal. Callbacks run on the thread pool.</summary>
    public CancellationToken LostToken => lost.Token;

    /// <summary>Whether the token has fired or the session's deadline has passed.</summary>
    public bool IsLost =>
        lost.IsCancellationRequested || (Volatile.Read(ref isDisposed) == 0 && Session.Remaining == TimeSpan.Zero);

    internal string ServerPath => prefix + path;

    /// <summary>Whether heartbeats may check the znode.</summary>
    internal bool IsWatching => !isPaused;

    /// <summary>Whoever finds the znode gone says so here: the token fires.</summary>
    /// <param name="missing">The znode that was found gone; another than the guarded one changes nothing.</param>
    public void ReportGone(string missing)
    {
        if (missing == path && !isPaused)
            Lose();
    }

    /// <summary>
    /// The znode is about to be replaced by its holder: it may be missing until <see cref="Resume"/>. The loss of the
    /// session fires the token all the same.
    /// </summary>
    public void Pause() => isPaused = true;

    /// <summary>Watches again, from now on over the znode named.</summary>
    /// <param name="replacement">A znode of the same session, without chroot.</param>
    public void Resume(string replacement)
    {
        path = replacement;
        isPaused = false;
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            book.Remove(this);
    }

    internal void ReportGoneAtServer(string serverPath) => ReportGone(serverPath[prefix.Length..]);

    internal void Lose()
    {
        if (Volatile.Read(ref isDisposed) == 0)
            book.Observe(lost.CancelAsync());
    }
}
