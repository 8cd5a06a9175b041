namespace Coord.Client;

/// <summary>
/// The moment until which the session is certainly kept by the cluster: <c>sentAt(proof) + timeout − margin</c>, only
/// ever moved forward (client-sdk.md 4.2). Thread-safe; reads no clock of its own.
/// </summary>
internal sealed class SessionDeadline
{
    private static readonly TimeSpan LeastMargin = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();

    // Answered writes that wait to be confirmed by a later one, oldest first. Invariant: ordered by time.
    private readonly Queue<Moment> unconfirmed = new();
    private readonly double marginFraction;
    private TimeSpan timeout;
    private Moment newestUnconfirmed;
    private Moment anyReply;
    private Moment proof;
    private ProofRule rule;
    private bool isProofRequired;
    private bool isProofEstablished;

    /// <param name="timeout">The negotiated timeout.</param>
    /// <param name="marginFraction">Fraction of it given up early.</param>
    /// <param name="rule">What proves.</param>
    /// <param name="acceptedSentAt">When the request was sent that the session's acceptance answered: the first
    /// proof.</param>
    internal SessionDeadline(TimeSpan timeout, double marginFraction, ProofRule rule, Moment acceptedSentAt)
    {
        this.rule = rule;
        this.timeout = timeout;
        this.marginFraction = marginFraction;
        anyReply = proof = newestUnconfirmed = acceptedSentAt;
    }

    /// <summary>
    /// Half a server tick is a quarter of the timeout at most, heartbeats are a third apart: this lies between them, so
    /// that a heartbeat that left a little late is still confirmed by the next one.
    /// </summary>
    private TimeSpan ConfirmingGap => timeout * 0.3;

    /// <summary>How long a proof lasts: the timeout less the margin.</summary>
    private TimeSpan Life => timeout - Margin(timeout, marginFraction);

    /// <summary>
    /// Whether the heartbeat must make quorum writes: plain ZooKeeper, and somebody relies on the session.
    /// </summary>
    internal bool NeedsWrites
    {
        get
        {
            lock (gate)
                return rule == ProofRule.ConfirmedWrites && isProofRequired;
        }
    }

    /// <summary>
    /// From now on only real proofs count, since handles are given out. Until the first one, losing is judged by any
    /// reply.
    /// </summary>
    internal void RequireProof(Moment now)
    {
        lock (gate)
        {
            isProofRequired = true;
            isProofEstablished |= now.Since(proof) < Life;
        }
    }

    internal void OnReply(Moment sentAt, ReplyKind kind)
    {
        lock (gate)
        {
            MoveForward(ref anyReply, sentAt);
            switch (rule)
            {
                case ProofRule.AnyReply:
                case ProofRule.ServerProves when kind != ReplyKind.Read:
                    Prove(sentAt);
                    break;
                case ProofRule.ConfirmedWrites when kind == ReplyKind.Write:
                    Confirm(sentAt);
                    break;
            }
        }
    }

    /// <summary>
    /// The cluster accepted the session on a new connection: the leader was asked, so this is a proof on every server.
    /// </summary>
    internal void OnAccepted(Moment sentAt, TimeSpan timeoutThere, ProofRule ruleThere)
    {
        lock (gate)
        {
            // A write answered on the old connection is confirmed only by one on the same ordered channel.
            unconfirmed.Clear();
            newestUnconfirmed = sentAt;
            rule = ruleThere;
            timeout = timeoutThere;
            MoveForward(ref anyReply, sentAt);
            Prove(sentAt);
        }
    }

    /// <summary>Time left for those who rely on the session; negative when past.</summary>
    internal TimeSpan Remaining(Moment now)
    {
        lock (gate)
            return Life - now.Since(isProofRequired ? proof : anyReply);
    }

    /// <summary>
    /// Whether the session must be given up. Equal to <see cref="Remaining"/> once a proof is established.
    /// </summary>
    internal bool HasPassed(Moment now)
    {
        lock (gate)
            return now.Since(isProofRequired && isProofEstablished ? proof : anyReply) >= Life;
    }

    /// <summary>How long ago the last request left that was answered.</summary>
    internal TimeSpan SinceContact(Moment now)
    {
        lock (gate)
            return now.Since(anyReply);
    }

    private static TimeSpan Margin(TimeSpan timeout, double fraction)
    {
        var margin = timeout * fraction;
        return fraction > 0 && margin < LeastMargin ? LeastMargin : margin;
    }

    private static void MoveForward(ref Moment moment, Moment to)
    {
        if (to.Monotonic > moment.Monotonic)
            moment = to;
    }

    private void Prove(Moment sentAt)
    {
        MoveForward(ref proof, sentAt);
        isProofEstablished = isProofRequired;
    }

    private void Confirm(Moment sentAt)
    {
        // A follower reports a contact with its own ping cycle, every half tick, after forwarding the request that was
        // the contact; so a write proves nothing by itself, and one sent more than half a tick later on the same
        // channel shows that the report has left.
        while (unconfirmed.TryPeek(out var earlier) && sentAt.Monotonic - earlier.Monotonic >= ConfirmingGap.Ticks)
            Prove(unconfirmed.Dequeue());
        if (unconfirmed.Count == 0 || sentAt.Monotonic - newestUnconfirmed.Monotonic >= timeout.Ticks / 100)
        {
            unconfirmed.Enqueue(sentAt);
            newestUnconfirmed = sentAt;
        }
    }
}
