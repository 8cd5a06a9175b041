using Coord.Protocol;
using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// Deletes in the background what a call gave up on and may have left behind (client-sdk.md 5): it looks and deletes
/// until it has an answer; for ephemerals it stops when their session is over.
/// </summary>
internal sealed class Sweeper(ClientCore core, ILogger logger)
{
    private const int BacklogMax = 1000;
    private int backlog;

    /// <summary>Znodes waiting to be swept.</summary>
    internal int Backlog => Volatile.Read(ref backlog);

    /// <summary>
    /// Sweeps the child of <paramref name="parent"/> whose name holds <paramref name="guid"/>, if there is one.
    /// </summary>
    internal void SweepProtected(string parent, string guid, long sessionEpoch) =>
        Begin(parent, sessionEpoch, () => SweepProtectedAsync(parent, guid, sessionEpoch));

    /// <summary>Sweeps one znode.</summary>
    internal void Sweep(string path, long sessionEpoch) =>
        Begin(path, sessionEpoch, () => DeleteAsync(path, sessionEpoch));

    private void Begin(string path, long sessionEpoch, Func<Task<RequestEnd>> sweep)
    {
        if (Interlocked.Increment(ref backlog) > BacklogMax)
        {
            Interlocked.Decrement(ref backlog);
            SessionLog.SweeperFull(logger, path);
            return;
        }

        _ = RunAsync(path, isBound: sessionEpoch != 0, sweep);
    }

    private async Task RunAsync(string path, bool isBound, Func<Task<RequestEnd>> sweep)
    {
        RequestEnd end;
        do
            end = await sweep().ConfigureAwait(false);
        while (end == RequestEnd.ConnectionLost
            || (!isBound && end is (RequestEnd.SessionLost or RequestEnd.SessionLostUnsent)));
        Interlocked.Decrement(ref backlog);
        if (end is RequestEnd.AuthFailed or RequestEnd.Malformed or RequestEnd.ReplyTooLarge)
            SessionLog.SweepRefused(logger, path, end.ToString());
    }

    private async Task<RequestEnd> SweepProtectedAsync(string parent, string guid, long sessionEpoch)
    {
        var sync = core.Send(
            new SyncCall(parent) { IsUrgent = true, BoundEpoch = sessionEpoch }, CancellationToken.None);
        var list = core.Send(
            new ChildrenCall(parent) { IsUrgent = true, BoundEpoch = sessionEpoch }, CancellationToken.None);
        var synced = await sync.ConfigureAwait(false);
        var listed = await list.ConfigureAwait(false);
        if (!synced.IsOk || !listed.IsOk)
            return synced.End != RequestEnd.Answered ? synced.End : listed.End;
        var name = listed.Value!.Names.FirstOrDefault(name => ProtectedName.Holds(name, guid));
        return name is null
            ? RequestEnd.Answered
            : await DeleteAsync(parent == "/" ? $"/{name}" : $"{parent}/{name}", sessionEpoch).ConfigureAwait(false);
    }

    private async Task<RequestEnd> DeleteAsync(string path, long sessionEpoch)
    {
        var call = new DeleteCall(path, version: -1) { IsUrgent = true, BoundEpoch = sessionEpoch };
        var reply = await core.Send(call, CancellationToken.None).ConfigureAwait(false);
        if (reply.End == RequestEnd.Answered && reply.Error is not (ErrorCode.Ok or ErrorCode.NoNode))
            SessionLog.SweepRefused(logger, path, reply.Error.ToString());
        return reply.End;
    }
}
