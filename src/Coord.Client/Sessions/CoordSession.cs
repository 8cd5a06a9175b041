using System.Diagnostics.CodeAnalysis;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// One session with the cluster. A client has one at a time; after a loss it opens another with a higher
/// <see cref="Epoch"/>. Source: ZooKeeper Programmer's Guide, ZooKeeper Sessions.
/// </summary>
[SuppressMessage(
    "Design", "CA1001",
        Justification = "Its token must stay readable for good; a source without a timer holds nothing to dispose.")]
public sealed class CoordSession
{
    private readonly CancellationTokenSource lost = new();
    private readonly ClientClock clock;
    private readonly SessionDeadline? deadline;

    internal CoordSession(ClientClock clock)
    {
        this.clock = clock;
        Password = [];
    }

    internal CoordSession(
        SessionId id, long epoch, TimeSpan timeout, byte[] password, SessionDeadline deadline, ClientClock clock)
    {
        Id = id;
        Epoch = epoch;
        NegotiatedTimeout = timeout;
        Password = password;
        this.deadline = deadline;
        this.clock = clock;
    }

    /// <summary>The id the cluster gave it: the owner of its ephemerals. Zero before the first session.</summary>
    public SessionId Id { get; }

    /// <summary>Counts the sessions of this client: 1 is the first; 0 stands for none yet.</summary>
    public long Epoch { get; }

    /// <summary>
    /// The timeout that the server granted. It may change when a session is taken up by another server.
    /// </summary>
    public TimeSpan NegotiatedTimeout { get; internal set; }

    /// <summary>How long the session is certainly alive; zero when that is over or there is none.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (deadline is null || IsLost)
                return TimeSpan.Zero;
            var left = deadline.Remaining(clock.Now);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Fires once, when the session is given up. Callbacks run on the thread pool.</summary>
    public CancellationToken LostToken => lost.Token;

    /// <summary>
    /// Whether the cluster was reset before this session: it was wiped, or restored to an older state, and is behind
    /// what this client had seen of it. Zxids, versions and fencing tokens known from before mean nothing any more.
    /// </summary>
    public bool FollowsClusterReset { get; internal init; }

    /// <summary>Whether the session is given up.</summary>
    public bool IsLost => lost.IsCancellationRequested;

    internal byte[] Password { get; }

    internal SessionDeadline? Deadline => deadline;

    /// <summary>
    /// The token is cancelled when this returns; its callbacks run on the pool, and one that throws does not stop the
    /// others.
    /// </summary>
    internal Task Lose() => lost.CancelAsync();
}
