using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>A setWatches, setWatches2 or watch-from at the head of its session's queue.</summary>
internal sealed class ComingWatches(ClientSession session, in PendingRequest request)
{
    private const int OpCodeBytes = 4;

    // A change that nobody watched for takes an eighth of the time that setting a watch does.
    private const int ChangesPerWatch = 8;

    private readonly ReadOnlyMemory<byte> record = request.Body[OpCodeBytes..];
    private readonly WatchRestore<ClientSession> restore = new(request.Body[OpCodeBytes..], request.Op, session);
    private bool mayReplay = request.Op == OpCode.WatchFrom;

    public ClientSession Session { get; } = session;

    /// <summary>All watches are set, and what they missed was told where it had to be.</summary>
    public bool IsDone => restore.IsDone;

    /// <summary>Nothing was missed, or all that was missed was told.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Goes on by a share.</summary>
    /// <param name="tree">The state to compare with.</param>
    /// <param name="watches">Where the watches go.</param>
    /// <param name="history">What changed before.</param>
    /// <param name="outboxes">Where events go.</param>
    /// <param name="limits">How much is a share.</param>
    /// <param name="left">What is left of this turn's share of all; it may get below 0.</param>
    /// <returns>False: the session has all watches that it may have, and the rest is not set.</returns>
    public bool TryGoOn(
        ZnodeTree tree, WatchTable<ClientSession> watches, ChangeHistory history, ClientOutboxes outboxes,
        NodeLimits limits, ref int left)
    {
        if (mayReplay)
            left -= Replay(history, outboxes, limits);

        // Told of all, it is watching from here on, or it would miss what comes next.
        var share = IsWhole ? int.MaxValue : Math.Min(left, limits.WatchesPerShareMax);
        var before = share;
        var hasRoom = restore.TryGoOn(watches, tree, outboxes, ref share);
        left -= before - share;
        return hasRoom;
    }

    // In one go, so it is not for very many watches or changes: they cost what is counted for them.
    private int Replay(ChangeHistory history, ClientOutboxes outboxes, NodeLimits limits)
    {
        mayReplay = false;
        var reader = new JuteReader(record.Span);
        WatchFromRequest.TryRead(ref reader, out var request);
        IsWhole = request.Persistent.Count + request.PersistentRecursive.Count <= limits.WatchesPerShareMax
            && history.Reaches(request.Zxid, limits.WatchHistoryChanges);
        if (!IsWhole)
            return 0;

        var missed = new WatchTable<ClientSession>();
        foreach (var path in request.Persistent)
            missed.TryAdd(AddWatchMode.Persistent, path, Session);
        foreach (var path in request.PersistentRecursive)
            missed.TryAdd(AddWatchMode.PersistentRecursive, path, Session);
        return history.Replay(request.Zxid, missed, outboxes) / ChangesPerWatch;
    }
}
