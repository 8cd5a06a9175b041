using Coord.Protocol;
using Coord.StateMachine;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>
/// Finds the containers and the znodes with a time to live that are due: one pass over all of them per interval, a few
/// per tick, and no more than so many in a minute (zookeeper-protocol 9.3). The leader alone sweeps; apply checks each
/// again (design.md section 10). It rests while a session holds it by an ephemeral znode: who moves a tree here creates
/// znodes before their children.
/// </summary>
internal sealed class ZnodeSweep(ReplicaView view, NodeLimits limits, ILogger logger)
{
    private const int MinuteMs = 60_000;

    private readonly HashSet<long> tokens = [];
    private int underWay;
    private int place;
    private long nextPassMs;
    private long credit;
    private long creditedAtMs;
    private long holder;

    /// <summary>The znode that holds sweeps as long as a session owns it (extension sweep-hold).</summary>
    public static ReadOnlySpan<byte> Hold => "/zookeeper/sweep-hold"u8;

    /// <summary>From now on this node sweeps; the first pass begins an interval later.</summary>
    public void Begin()
    {
        nextPassMs = view.NowMs + (long)limits.SweepInterval.TotalMilliseconds;
        creditedAtMs = view.NowMs;
    }

    /// <summary>What was under way belongs to another leader now.</summary>
    public void Reset()
    {
        tokens.Clear();
        underWay = 0;
        place = 0;
        credit = 0;
        holder = 0;
    }

    /// <summary>Adds entries for what is due, as many as this tick may.</summary>
    public void TakeDue(ZnodeTree tree, List<ReadOnlyMemory<byte>> batch)
    {
        if (IsHeld(tree) || (place == 0 && !TryBeginPass(tree.SweepableCount)))
            return;
        AddCredit();

        // From the last to the first: the last takes the place of one that is deleted, and was looked at before.
        place = Math.Min(place, tree.SweepableCount);
        var neverUsedMs = (long)limits.ContainerNeverUsedMax.TotalMilliseconds;
        for (var looks = 0; looks < limits.SweepLooksPerTickMax && place > 0 && credit >= MinuteMs; looks++)
        {
            if (!tree.IsSweepDue(--place, view.WallClockMs, neverUsedMs, out var znode))
                continue;
            batch.Add(EntryCodec.Sweep(
                new EntryHeader { Command = EntryCommand.Sweep }, znode, neverUsedMs));
            credit -= MinuteMs;
        }
    }

    /// <summary>What was taken is proposed under these tokens.</summary>
    public void Proposed(long firstToken, int count)
    {
        for (var offset = 0; offset < count; offset++)
            tokens.Add(firstToken + offset);
        underWay += count;
    }

    /// <summary>The core refused a proposal; if it was one of these, the next pass finds the znode again.</summary>
    public void Refused(long token)
    {
        if (tokens.Remove(token))
            Ended();
    }

    /// <summary>A sweep was applied, maybe one of an earlier leader.</summary>
    public void Applied()
    {
        if (underWay > 0)
            Ended();
    }

    // Only an ephemeral: what a session does not take with it would hold for ever.
    private bool IsHeld(ZnodeTree tree)
    {
        var now = tree.Exists(Hold, out var stat) == ErrorCode.Ok ? stat.EphemeralOwner : 0;
        if (now != holder && now != 0)
            ReplicaTrace.SweepsHeld(logger, now);
        else if (now != holder)
            ReplicaTrace.SweepsGoOn(logger);
        holder = now;
        return now != 0;
    }

    // One pass after the other: what is on its way into the log is not found again.
    private bool TryBeginPass(int count)
    {
        if (underWay > 0 || view.NowMs < nextPassMs)
            return false;
        place = count;
        nextPassMs = view.NowMs + (long)limits.SweepInterval.TotalMilliseconds;
        return true;
    }

    // A sweep costs a minute's worth of milliseconds, of which SweepsPerMinuteMax accrue in each. What was not used in
    // a tick or two is lost: sweeps are spread.
    private void AddCredit()
    {
        var most = Math.Max(MinuteMs, 2L * (long)limits.ReplicaTick.TotalMilliseconds * limits.SweepsPerMinuteMax);
        credit = Math.Min(most, credit + ((view.NowMs - creditedAtMs) * limits.SweepsPerMinuteMax));
        creditedAtMs = view.NowMs;
    }

    private void Ended()
    {
        underWay--;
        if (underWay == 0)
            tokens.Clear();
    }
}
