using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Streams and waits over one-shot watches. Each turn reads with a watch and compares with what was known, so the
/// events say what is true and nothing that happened between two registrations is missed; a watch is only the hint to
/// read again.
/// </summary>
internal sealed class WatchStreams(ClientCore core)
{
    internal async IAsyncEnumerable<WatchEvent> WatchNodeAsync(
        string path, string serverPath, [EnumeratorCancellation] CancellationToken ct)
    {
        Stat? known = null;
        for (var isGap = (bool?)null; ;)
        {
            var signal = new WatchSignal(wantsGaps: true);
            var reply = await ReadAsync(
                () => new ExistsCall(serverPath, core.Watches, signal), path, ct).ConfigureAwait(false);
            Stat? now = reply.IsOk ? reply.Value : null;
            foreach (var kind in NodeChanges(isGap, known, now))
                yield return new WatchEvent(kind, path, new Zxid(ZxidOf(kind, now, reply.Zxid)));
            known = now;
            isGap = await WaitAsync(signal, serverPath, ct).ConfigureAwait(false) == FiredBy.Gap;
        }
    }

    internal async IAsyncEnumerable<WatchEvent> WatchChildrenAsync(
        string path, string serverPath, [EnumeratorCancellation] CancellationToken ct)
    {
        Stat? known = null;
        for (var isGap = (bool?)null; ;)
        {
            var signal = new WatchSignal(wantsGaps: true);
            var listed = await ReadAsync(
                () => new ChildrenCall(serverPath, core.Watches, signal), path, ct).ConfigureAwait(false);
            Stat? now = listed.IsOk ? listed.Value!.Stat : null;
            if (now is null)
            {
                // Nothing to list: wait for the znode, and look again if it came in between.
                signal = new WatchSignal(wantsGaps: true);
                var exists = await ReadAsync(
                    () => new ExistsCall(serverPath, core.Watches, signal), path, ct).ConfigureAwait(false);
                if (exists.IsOk)
                {
                    core.Watches.Remove(serverPath, signal);
                    continue;
                }
            }

            foreach (var kind in ChildChanges(isGap, known, now))
                yield return new WatchEvent(kind, path, new Zxid(ZxidOf(kind, now, listed.Zxid)));
            known = now;
            isGap = await WaitAsync(signal, serverPath, ct).ConfigureAwait(false) == FiredBy.Gap;
        }
    }

    internal async IAsyncEnumerable<Znode?> FollowAsync(
        string path, string serverPath, [EnumeratorCancellation] CancellationToken ct)
    {
        Znode? known = null;
        for (var isFirst = true; ;)
        {
            var signal = new WatchSignal(wantsGaps: true);
            var read = await ReadAsync(
                () => new GetCall(serverPath, path, core.Watches, signal), path, ct).ConfigureAwait(false);
            var now = read.IsOk ? read.Value : null;
            if (now is null)
            {
                signal = new WatchSignal(wantsGaps: true);
                var exists = await ReadAsync(
                    () => new ExistsCall(serverPath, core.Watches, signal), path, ct).ConfigureAwait(false);
                if (exists.IsOk)
                {
                    core.Watches.Remove(serverPath, signal);
                    continue;
                }
            }

            if (isFirst || now?.Stat.Mzxid != known?.Stat.Mzxid)
                yield return now;
            isFirst = false;
            known = now;
            await WaitAsync(signal, serverPath, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The one stream that needs no reads: each event says what happened, and where.</summary>
    /// <param name="path">As the caller names it.</param>
    /// <param name="serverPath">As the server does.</param>
    /// <param name="paths">Between the two.</param>
    /// <param name="tellsResumed">Whether <see cref="SubtreeQueue.Resumed"/> is among the events.</param>
    /// <param name="ct">Ends the stream.</param>
    internal async IAsyncEnumerable<WatchEvent> WatchSubtreeAsync(
        string path, string serverPath, PathMap paths, bool tellsResumed,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var (queue, watched) = core.Watches.Subtrees.Subscribe(core, serverPath, ct);
        try
        {
            var reply = await watched.ConfigureAwait(false);
            if (!reply.IsOk)
                throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
            yield return new WatchEvent(WatchEventKind.Started, path, new Zxid(reply.Zxid));
            while (true)
            {
                var events = await queue.TakeAsync(ct).ConfigureAwait(false);
                ObjectDisposedException.ThrowIf(core.IsDisposed, typeof(CoordClient));
                if (core.Keeper.State == SessionState.AuthFailed)
                    throw new AuthFailedException(path);
                if (events[0].Kind == WatchEventKind.Resynced)
                    core.Metrics.WatchResyncs.Record(1);
                foreach (var item in events.Where(item => tellsResumed || item.Kind != SubtreeQueue.Resumed))
                    yield return item with { Path = paths.ToCaller(item.Path) };
            }
        }
        finally
        {
            core.Watches.Subtrees.Unsubscribe(core, queue);
        }
    }

    internal async ValueTask<Stat> WaitForExistsAsync(string path, string serverPath, CancellationToken ct)
    {
        while (true)
        {
            var signal = new WatchSignal(wantsGaps: false);
            var reply = await ReadAsync(
                () => new ExistsCall(serverPath, core.Watches, signal), path, ct).ConfigureAwait(false);
            if (reply.IsOk)
            {
                core.Watches.Remove(serverPath, signal);
                return reply.Value;
            }

            await WaitAsync(signal, serverPath, ct).ConfigureAwait(false);
        }
    }

    internal async ValueTask WaitForDeletedAsync(string path, string serverPath, CancellationToken ct)
    {
        long? czxid = null;
        while (true)
        {
            // getData and not exists: when the znode is gone it leaves no watch behind.
            var signal = new WatchSignal(wantsGaps: false);
            var reply = await ReadAsync(
                () => new GetCall(serverPath, path, core.Watches, signal), path, ct).ConfigureAwait(false);
            if (!reply.IsOk || (czxid is { } first && reply.Value!.Stat.Czxid != first))
            {
                core.Watches.Remove(serverPath, signal);
                return;
            }

            czxid = reply.Value!.Stat.Czxid;
            // The event says it all: reading again would keep a waiter in a line from its turn for a round trip.
            if (await WaitAsync(signal, serverPath, ct).ConfigureAwait(false) == FiredBy.Deletion)
                return;
        }
    }

    private static IEnumerable<WatchEventKind> NodeChanges(bool? isGap, Stat? known, Stat? now)
    {
        if (isGap is not false)
            return [isGap is null ? WatchEventKind.Started : WatchEventKind.Resynced];
        return (known, now) switch
        {
            (null, null) => [],
            (null, _) => [WatchEventKind.Created],
            (_, null) => [WatchEventKind.Deleted],
            var (before, after) when before.Value.Czxid != after.Value.Czxid =>
                [WatchEventKind.Deleted, WatchEventKind.Created],
            var (before, after) when before.Value.Mzxid != after.Value.Mzxid => [WatchEventKind.DataChanged],
            _ => [],
        };
    }

    private static IEnumerable<WatchEventKind> ChildChanges(bool? isGap, Stat? known, Stat? now)
    {
        if (isGap is not false)
            return [isGap is null ? WatchEventKind.Started : WatchEventKind.Resynced];
        return (known, now) switch
        {
            (null, null) => [],
            (null, _) => [WatchEventKind.Created],
            (_, null) => [WatchEventKind.Deleted],
            var (before, after) when before.Value.Czxid != after.Value.Czxid =>
                [WatchEventKind.Deleted, WatchEventKind.Created],
            var (before, after) when before.Value.Pzxid != after.Value.Pzxid => [WatchEventKind.ChildrenChanged],
            _ => [],
        };
    }

    private static long ZxidOf(WatchEventKind kind, Stat? now, long lookedUpTo) => (kind, now) switch
    {
        (WatchEventKind.Created, { } stat) => stat.Czxid,
        (WatchEventKind.DataChanged, { } stat) => stat.Mzxid,
        (WatchEventKind.ChildrenChanged, { } stat) => stat.Pzxid,
        _ => lookedUpTo,
    };

    /// <summary>Reads until there is an answer: neither a lost connection nor a lost session ends a stream.</summary>
    private async ValueTask<Reply<T>> ReadAsync<T>(
        Func<Request<T>> request, string path, CancellationToken ct)
    {
        var reply = await core.Send(request(), ct).ConfigureAwait(false);
        if (reply.IsOk || reply.Is(ErrorCode.NoNode))
            return reply;
        throw Failure.Of(reply, ReplyKind.Read, path, core, ct);
    }

    private async ValueTask<FiredBy> WaitAsync(WatchSignal signal, string serverPath, CancellationToken ct)
    {
        try
        {
            var by = await signal.Fired.WaitAsync(ct).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(core.IsDisposed, typeof(CoordClient));
            if (by == FiredBy.Gap)
                core.Metrics.WatchResyncs.Record(1);
            return by;
        }
        finally
        {
            core.Watches.Remove(serverPath, signal);
        }
    }
}
