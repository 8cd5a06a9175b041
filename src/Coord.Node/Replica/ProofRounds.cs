using Coord.Node.Clients;

namespace Coord.Node.Replica;

/// <summary>
/// Collects pings, syncs and contacts into rounds, one under way at a time: the leader records the contacts, a
/// quorum then confirms that it still leads, and this node applies up to what was committed by then. Thousands of
/// pings cost one round (design.md section 10, raft-design Q3, Q5).
/// </summary>
/// <remarks>
/// A request takes the number of the round that begins next, never of one under way: only messages sent after the
/// request count (raft-design Q4).
/// </remarks>
internal sealed class ProofRounds
{
    private const long NoAnswer = long.MaxValue;

    private readonly List<ClientSession> touched = [];
    private List<ClientSession> waiting = [];
    private List<ClientSession> released = [];
    private long[] reported = [];
    private long awaitedIndex = NoAnswer;
    private bool hasNewProofs;

    /// <summary>The round that a request arriving now waits for.</summary>
    public long NextRound { get; private set; } = 1;

    /// <summary>All rounds up to this one are confirmed and applied here.</summary>
    public long CompletedRound { get; private set; }

    /// <summary>
    /// Names one attempt to get an answer; an answer to an older attempt is dropped (raft-design Q5).
    /// </summary>
    public long Attempt { get; private set; }

    /// <summary>When the attempt was sent, in monotonic milliseconds.</summary>
    public long SentAtMs { get; private set; }

    public bool IsAwaitingAnswer => IsUnderWay && awaitedIndex == NoAnswer;

    /// <summary>A round was begun and is not complete.</summary>
    public bool IsUnderWay { get; private set; }

    public bool HasContacts => touched.Count > 0;

    public bool ShouldBegin => !IsUnderWay && hasNewProofs;

    /// <summary>The sessions whose contact the present round reports.</summary>
    public long[] ReportedSessions => reported;

    /// <summary>The session of a ping or sync that was queued: it takes part in the next round.</summary>
    public long Join(ClientSession session)
    {
        hasNewProofs = true;
        if (!session.AwaitsProof)
        {
            session.AwaitsProof = true;
            waiting.Add(session);
        }

        return NextRound;
    }

    /// <summary>A session sent something: its contact goes with the next round.</summary>
    public void Touch(ClientSession session)
    {
        if (session.IsTouched)
            return;
        session.IsTouched = true;
        touched.Add(session);
    }

    /// <summary>
    /// Begins a round with everything that has gathered. The caller sends it as <see cref="Attempt"/>.
    /// </summary>
    public void Begin(long nowMs)
    {
        IsUnderWay = true;
        hasNewProofs = false;
        NextRound++;
        reported = TakeTouched();
        BeginAttempt(nowMs);
    }

    /// <summary>The answer may be lost, or the leader is another one: ask again under a new name.</summary>
    public void BeginAttempt(long nowMs)
    {
        Attempt++;
        awaitedIndex = NoAnswer;
        SentAtMs = nowMs;
    }

    /// <summary>
    /// The leader confirmed the round. It completes when this node has applied <paramref name="index"/>.
    /// </summary>
    public void Answered(long attempt, long index)
    {
        if (IsUnderWay && attempt == Attempt)
            awaitedIndex = index;
    }

    /// <summary>Completes the round if this node has applied far enough; gives the sessions to go on with.</summary>
    public bool TryComplete(long appliedIndex, out List<ClientSession> sessions)
    {
        sessions = released;
        if (!IsUnderWay || appliedIndex < awaitedIndex)
            return false;
        IsUnderWay = false;
        awaitedIndex = NoAnswer;
        CompletedRound = NextRound - 1;
        released.Clear();
        (waiting, released) = (released, waiting);
        sessions = released;
        foreach (var session in sessions)
            session.AwaitsProof = false;
        return true;
    }

    /// <summary>A session with proofs left in its queue waits on.</summary>
    public void Rejoin(ClientSession session)
    {
        if (session.AwaitsProof)
            return;
        session.AwaitsProof = true;
        waiting.Add(session);
    }

    private long[] TakeTouched()
    {
        var sessions = new long[touched.Count];
        var count = 0;
        foreach (var session in touched)
        {
            session.IsTouched = false;
            if (session.Phase == ClientPhase.Connected)
                sessions[count++] = session.Id;
        }

        touched.Clear();
        return count == sessions.Length ? sessions : sessions[..count];
    }
}
