using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>Reads, as fresh as asked for. The outbox repeats them on the next connection by itself.</summary>
internal sealed class ZnodeReads(ClientCore core)
{
    private static readonly MultiOperation RootCheck =
        new(OpCode.Check, "/", "/", default, -1, CreateMode.Persistent, []);

    /// <summary>Sends the read, behind whatever makes it as fresh as asked, and returns the answer.</summary>
    /// <param name="request">Makes the request; called again when the pair has to be repeated.</param>
    /// <param name="path">The path as the caller sees it.</param>
    /// <param name="options">The caller's.</param>
    /// <param name="budget">The call's.</param>
    internal ValueTask<Reply<T>> ReadAsync<T>(
        Func<CallBudget, Request<T>> request, string path, ReadOptions? options, CallBudget budget)
    {
        var consistency = options?.Consistency ?? core.Options.ReadConsistency;
        return consistency switch
        {
            ReadConsistency.Session => core.Send(request(budget), budget),
            _ when core.Keeper.Features.HasReadBarrier => WithBarrierAsync(request, path, options, budget),
            // On a server that proves sessions, sync is a read barrier of the quorum.
            ReadConsistency.Linearizable when !core.Keeper.Features.HasSessionProof =>
                BehindWriteAsync(request, budget),
            _ => BehindSyncAsync(request, path, budget),
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply<T>> WithBarrierAsync<T>(
        Func<CallBudget, Request<T>> request, string path, ReadOptions? options, CallBudget budget)
    {
        while (core.Keeper.Features.HasReadBarrier)
        {
            var read = request(budget);
            read.HasBarrier = true;
            var reply = await core.Send(read, budget).ConfigureAwait(false);
            // The server of the next connection does not know it: nothing but that ends a read so.
            if (reply.End is not (RequestEnd.NotAnnounced or RequestEnd.ConnectionLost))
                return reply;
        }

        return await ReadAsync(request, path, options, budget).ConfigureAwait(false);
    }

    private async ValueTask<Reply<T>> BehindSyncAsync<T>(
        Func<CallBudget, Request<T>> request, string path, CallBudget budget)
    {
        var sync = core.Send(new SyncCall("/") { ExpiresAt = budget.ExpiresAt }, budget);
        var read = core.Send(request(budget), budget);
        var synced = await sync.ConfigureAwait(false);
        var answer = await read.ConfigureAwait(false);
        return synced.IsOk ? answer : throw Failure.Of(synced, ReplyKind.Sync, path, core, budget.Token);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply<T>> BehindWriteAsync<T>(Func<CallBudget, Request<T>> request, CallBudget budget)
    {
        while (true)
        {
            var check = core.Send(
                new MultiCall([RootCheck], static path => path) { ExpiresAt = budget.ExpiresAt }, budget);
            var read = core.Send(request(budget), budget);
            var quorum = await check.ConfigureAwait(false);
            var answer = await read.ConfigureAwait(false);
            // Refused before it reached the quorum: a read-only or throttled server. It proves nothing.
            if (quorum.End == RequestEnd.Answered && quorum.Error is not (ErrorCode.Ok or ErrorCode.NoAuth))
                return new Reply<T>(quorum.End, quorum.Error, quorum.Zxid, default);
            if (quorum.End == RequestEnd.Answered || answer.End != RequestEnd.Answered)
                return answer;
            if (quorum.End is not (RequestEnd.ConnectionLost or RequestEnd.SessionLost or RequestEnd.SessionLostUnsent))
                return new Reply<T>(quorum.End, quorum.Error, quorum.Zxid, default);
        }
    }
}
