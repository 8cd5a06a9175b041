using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>Sets and deletes, with what section 5 of client-sdk.md says about lost replies.</summary>
internal sealed class ZnodeWrites(ClientCore core)
{
    private const int AnyVersion = -1;

    /// <returns>The new metadata; null only with <paramref name="nullIfBadVersion"/>.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<Stat?> SetAsync(
        string path, string serverPath, ReadOnlyMemory<byte> bytes, int version, CallBudget budget,
        bool nullIfBadVersion)
    {
        while (true)
        {
            var call = new SetCall(serverPath, bytes, version) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk)
                return reply.Value;
            if (reply.Is(ErrorCode.BadVersion) && nullIfBadVersion)
                return null;
            if (reply.End != RequestEnd.ConnectionLost)
                throw Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);

            var look = await new Look(core, call.SentEpoch, budget).ExistsAsync(serverPath).ConfigureAwait(false);
            if (look.Is(ErrorCode.NoNode))
                throw new NoNodeException(path, Outcome.Unknown);
            if (!look.IsOk)
                throw UnknownWrite.Of(look, path, core, budget.Token);
            if (look.Value.Version != version)
                throw new BadVersionException(path, Outcome.Unknown);
        }
    }

    internal async ValueTask<Stat> OverwriteAsync(
        string path, string serverPath, ReadOnlyMemory<byte> bytes, bool isRepeatable, CallBudget budget)
    {
        while (true)
        {
            var call = new SetCall(serverPath, bytes, AnyVersion) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk)
                return reply.Value;
            if (reply.End != RequestEnd.ConnectionLost || !isRepeatable)
                throw Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);
        }
    }

    internal async ValueTask<Stat> SetAclAsync(
        string path, string serverPath, IReadOnlyList<AclEntry> acl, int version, CallBudget budget)
    {
        while (true)
        {
            var call = new SetAclCall(serverPath, acl, version) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk)
                return reply.Value;
            if (reply.End != RequestEnd.ConnectionLost)
                throw Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);

            var look = await new Look(core, call.SentEpoch, budget).ExistsAsync(serverPath).ConfigureAwait(false);
            if (look.Is(ErrorCode.NoNode))
                throw new NoNodeException(path, Outcome.Unknown);
            if (!look.IsOk)
                throw UnknownWrite.Of(look, path, core, budget.Token);
            if (look.Value.Aversion != version)
                throw new BadVersionException(path, Outcome.Unknown);
        }
    }

    /// <summary>Never lowers anything, so it is sent again until it is answered.</summary>
    internal async ValueTask<Stat> RaiseChildCounterAsync(
        string path, string serverPath, long created, CallBudget budget)
    {
        while (true)
        {
            var call = new ChildCounterCall(serverPath, created) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk)
                return reply.Value;
            if (reply.End != RequestEnd.ConnectionLost)
                throw Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);
        }
    }

    /// <returns>False when it was not there.</returns>
    internal async ValueTask<bool> DeleteAsync(string path, string serverPath, int? version, CallBudget budget)
    {
        var wasSent = false;
        while (true)
        {
            var seen = core.Keeper.LastZxid;
            var call = new DeleteCall(serverPath, version ?? AnyVersion) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            if (reply.IsOk)
                return true;
            if (reply.Is(ErrorCode.NoNode))
                return wasSent;
            if (reply.End != RequestEnd.ConnectionLost)
                throw wasSent ? UnknownWrite.Of(reply, path, core, budget.Token)
                    : Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);
            wasSent = true;
            if (version is null)
                continue;

            var look = await new Look(core, call.SentEpoch, budget).ExistsAsync(serverPath).ConfigureAwait(false);
            // A later czxid: ours is gone, and somebody made it again.
            if (look.Is(ErrorCode.NoNode) || (look.IsOk && look.Value.Czxid > seen))
                return true;
            if (!look.IsOk)
                throw UnknownWrite.Of(look, path, core, budget.Token);
            wasSent = false;
        }
    }
}
