using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>A setWatches, setWatches2 or watch-from at the head of its session's queue.</summary>
internal sealed class ComingWatches(ClientSession session, in PendingRequest request)
{
    private const int OpCodeBytes = 4;

    // What takes as long as setting a watch: changes that nobody watched for, bytes of paths and ACLs.
    private const int ChangesPerWatch = 8;
    private const int BytesPerWatch = 64;

    // Of the paths and ACLs of what is told in one go: some milliseconds.
    private const int BytesMax = 256 * 1024;

    private readonly ReadOnlyMemory<byte> record = request.Body[OpCodeBytes..];
    private readonly WatchRestore<ClientSession> restore = new(request.Body[OpCodeBytes..], request.Op, session);
    private bool mayReplay = request.Op == OpCode.WatchFrom;

    public ClientSession Session { get; } = session;

    /// <summary>All watches are set, and what they missed was told where it had to be.</summary>
    public bool IsDone => restore.IsDone;

    /// <summary>How many events told what was missed, which is all of it; -1: it was not told.</summary>
    public int Told { get; private set; } = -1;

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
            left -= Replay(watches, history, outboxes, limits);

        // Told of all, it is watching from here on, or it would miss what comes next.
        var share = Told >= 0 ? int.MaxValue : Math.Min(left, limits.WatchesPerShareMax);
        var before = share;
        var hasRoom = restore.TryGoOn(watches, tree, outboxes, ref share);
        left -= before - share;
        return hasRoom;
    }

    // In one go, so it is not for very many watches or changes: they cost what is counted for them.
    private int Replay(
        WatchTable<ClientSession> watches, ChangeHistory history, ClientOutboxes outboxes, NodeLimits limits)
    {
        mayReplay = false;
        var reader = new JuteReader(record.Span);
        WatchFromRequest.TryRead(ref reader, out var request);
        var (changes, bytes) = history.Behind(request.Zxid);
        if (!history.Reaches(request.Zxid) || changes > limits.WatchHistoryChanges || bytes > BytesMax
            || request.Persistent.Count + request.PersistentRecursive.Count > limits.WatchesPerShareMax)
            return 0;

        var missed = watches.NewEmpty();
        foreach (var path in request.Persistent)
            missed.TryAdd(AddWatchMode.Persistent, path, Session);
        foreach (var path in request.PersistentRecursive)
            missed.TryAdd(AddWatchMode.PersistentRecursive, path, Session);
        outboxes.EventsOfChange = 0;
        history.Replay(request.Zxid, missed, outboxes);
        Told = outboxes.EventsOfChange;
        return (changes / ChangesPerWatch) + (bytes / BytesPerWatch);
    }
}
