namespace Coord.Raft;

/// <summary>
/// Whether a learner keeps up (Raft thesis 4.2.1; raft-design M9). Rounds: what the leader had when a round began has
/// to be replicated within T; who has everything needs no round.
/// </summary>
internal sealed class CatchUp
{
    // The leader's last index when the round began; 0 while none is under way.
    private LogIndex target;
    private long beganAt;
    private bool wasInTime;

    /// <summary>A new office: nothing was replicated yet.</summary>
    public void Start(LogIndex last, long now)
    {
        wasInTime = false;
        Begin(last, now);
    }

    /// <summary>Entries go out: a round begins unless one is under way.</summary>
    public void Sent(LogIndex last, long now)
    {
        if (target == default)
            Begin(last, now);
    }

    /// <summary>
    /// Everything up to <paramref name="match"/> is there, of a log that ends at <paramref name="last"/>.
    /// </summary>
    public void Acknowledged(LogIndex match, LogIndex last, long now, int ticksMax)
    {
        if (match < target || target == default)
            return;

        wasInTime = match >= last || now - beganAt < ticksMax;
        target = default;
        if (match < last)
            Begin(last, now);
    }

    /// <summary>The last round took less than T, and so far does the one under way.</summary>
    public bool IsInTime(long now, int ticksMax) => wasInTime && (target == default || now - beganAt < ticksMax);

    private void Begin(LogIndex last, long now)
    {
        target = last;
        beganAt = now;
    }
}
