namespace Coord.Raft;


/// <summary>The follower's patience (raft-design E2, E18).</summary>
internal sealed class ElectionTimer
{
    private const int HurriedRounds = 3;
    private readonly RaftSettings settings;
    private readonly SplitMix64 random;
    private int elapsed;
    private int timeout;
    private int hurriedRoundsLeft;

    /// <summary>Armed from the start: a node that leads nobody always has a running timer (BE18).</summary>
    public ElectionTimer(RaftSettings settings, ulong seed)
    {
        this.settings = settings;
        random = new SplitMix64(seed);
        Reset();
    }

    /// <summary>Ticks left until it fires.</summary>
    public int Left => timeout - elapsed;

    /// <summary>Starts again with a silence drawn from [T, 2T).</summary>
    public void Reset()
    {
        elapsed = 0;
        timeout = settings.ElectionTicks + random.Below(settings.ElectionTicks);
    }

    /// <summary>A campaign starts: the silence after which the next one follows if this is lost.</summary>
    public void ResetForCampaign()
    {
        Reset();
        if (hurriedRoundsLeft == 0)
            return;

        hurriedRoundsLeft--;
        timeout = settings.HeartbeatTicks + random.Below(settings.HeartbeatTicks);
    }

    /// <summary>
    /// The leader is known to be gone: less than one heartbeat, then three short rounds (raft-design E18).
    /// </summary>
    public void Hurry()
    {
        hurriedRoundsLeft = HurriedRounds;
        elapsed = 0;
        timeout = 1 + random.Below(Math.Max(settings.HeartbeatTicks - 1, 1));
    }

    /// <summary>A leader is there: no hurry any more.</summary>
    public void Calm() => hurriedRoundsLeft = 0;

    /// <summary>Fires after this many more ticks. For scenarios, which set the draw by hand.</summary>
    public void Set(int ticksLeft)
    {
        elapsed = 0;
        timeout = ticksLeft;
    }

    /// <summary>Moves on; true when the time is up.</summary>
    public bool Advance(int ticks)
    {
        elapsed += ticks;
        return elapsed >= timeout;
    }
}
