using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>Owns the present session and its state, and decides once when it is lost.</summary>
internal sealed class SessionKeeper
{
    private readonly Lock gate = new();
    private readonly CoordClientOptions options;
    private readonly ClientClock clock;
    private readonly Outbox outbox;
    private readonly WatchRegistry watches;
    private readonly GuardBook guards;
    private readonly ClientMetrics metrics;
    private readonly ILogger logger;
    private TaskCompletionSource? nextProof;
    private CoordSession session;
    private SessionState state;
    private bool isProofRequired;
    private long lastZxid;
    private long resetEpoch;

    internal SessionKeeper(
        CoordClientOptions options, ClientClock clock, Outbox outbox, WatchRegistry watches, GuardBook guards,
            ClientMetrics metrics, ILogger logger)
    {
        this.options = options;
        this.clock = clock;
        this.outbox = outbox;
        this.watches = watches;
        this.guards = guards;
        this.metrics = metrics;
        this.logger = logger;
        session = new CoordSession(clock);
        Transitions = new TransitionHub(new SessionTransition(SessionState.Idle, "nothing was asked yet", session));
    }

    internal TransitionHub Transitions { get; }

    internal CoordSession Session => Volatile.Read(ref session);

    internal long LastZxid => Volatile.Read(ref lastZxid);

    /// <summary>Epoch of the newest session that follows a reset of the cluster; 0: none does.</summary>
    internal long ResetEpoch => Volatile.Read(ref resetEpoch);

    internal ServerFeatures Features { get; private set; } = ServerFeatures.None;

    internal SessionState State
    {
        get
        {
            lock (gate)
                return state;
        }
    }

    internal void Saw(long zxid)
    {
        if (zxid > lastZxid)
            Volatile.Write(ref lastZxid, zxid);
    }

    internal void RequireProof()
    {
        lock (gate)
        {
            isProofRequired = true;
            session.Deadline?.RequireProof(clock.Now);
        }
    }

    internal void OnReply(Moment sentAt, ReplyKind kind)
    {
        Session.Deadline!.OnReply(sentAt, kind);
        if (Volatile.Read(ref nextProof) is not null)
            Interlocked.Exchange(ref nextProof, null)?.TrySetResult();
    }

    /// <summary>Ends at the next reply or change of session: time to look at the deadline again.</summary>
    internal Task NextProof()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref nextProof, fresh, null) ?? fresh).Task;
    }

    /// <summary>Takes up what the handshake brought.</summary>
    /// <returns>False when the session was given up meanwhile: nobody may hear of it again.</returns>
    internal bool Accept(HandshakeResult result, CoordSession offered)
    {
        lock (gate)
        {
            if (offered.IsLost && offered.Id.Value == result.SessionId)
                return false;
            var rule = RuleOf(result.Features);
            Features = result.Features;
            if (offered.Epoch > 0 && offered.Id.Value == result.SessionId)
            {
                offered.NegotiatedTimeout = result.Timeout;
                offered.Deadline!.OnAccepted(result.SentAt, result.Timeout, rule);
            }
            else
            {
                var deadline = new SessionDeadline(result.Timeout, options.SessionDeadlineMargin, rule, result.SentAt);
                if (isProofRequired)
                    deadline.RequireProof(clock.Now);
                if (result.IsAfterReset)
                {
                    SessionLog.ClusterReset(logger, result.Zxid);
                    Volatile.Write(ref resetEpoch, session.Epoch + 1);
                    Volatile.Write(ref lastZxid, result.Zxid);
                }

                Volatile.Write(ref session, new CoordSession(
                    new(result.SessionId), session.Epoch + 1, result.Timeout, result.Password, deadline, clock)
                {
                    FollowsClusterReset = result.IsAfterReset,
                });
            }

            Enter(
                result.IsReadOnly ? SessionState.ConnectedReadOnly : SessionState.Connected,
                result.IsAfterReset
                    ? "the server made a new session: the cluster was reset" : "the server accepted the session");
        }

        Interlocked.Exchange(ref nextProof, null)?.TrySetResult();
        return true;
    }

    /// <summary>Gives a session up, for good, unless that was done before.</summary>
    internal void Lose(CoordSession lost, string reason)
    {
        lock (gate)
        {
            if (!ReferenceEquals(lost, session) || lost.Epoch == 0 || lost.IsLost)
                return;
            // Tokens first: nobody may learn from a failed call what the token did not say yet.
            guards.Observe(lost.Lose());
            guards.LoseAll(lost);
            outbox.Close();
            outbox.LoseSession(lost.Epoch);
            watches.OnSessionLost();
            Enter(SessionState.Lost, reason);
        }

        Interlocked.Exchange(ref nextProof, null)?.TrySetResult();
    }

    /// <summary>Credentials are asked for again, after they were refused.</summary>
    internal void TryAgain()
    {
        lock (gate)
        {
            if (state == SessionState.AuthFailed)
                Enter(SessionState.Connecting, "credentials are asked for again");
        }
    }

    internal void Change(SessionState to, string reason)
    {
        lock (gate)
        {
            if (state != to && state is not (SessionState.Closed or SessionState.AuthFailed))
                Enter(to, reason);
            else if (to == SessionState.Closed && state != to)
                Enter(to, reason);
        }
    }

    private ProofRule RuleOf(ServerFeatures features) => options.SessionProof switch
    {
        SessionProof.AnyReply => ProofRule.AnyReply,
        SessionProof.Auto when features.HasSessionProof => ProofRule.ServerProves,
        _ => ProofRule.ConfirmedWrites,
    };

    private void Enter(SessionState to, string reason)
    {
        var from = state;
        state = to;
        metrics.CountTransition(from, to, reason);
        Transitions.Publish(new SessionTransition(to, reason, session));
        if (to == SessionState.Lost)
        {
            SessionLog.Lost(
                logger, session.Id.Value, session.Epoch, reason, session.NegotiatedTimeout,
                session.Deadline!.SinceContact(clock.Now));
        }
        else
        {
            SessionLog.Changed(logger, session.Id.Value, session.Epoch, to, reason);
        }
    }
}
