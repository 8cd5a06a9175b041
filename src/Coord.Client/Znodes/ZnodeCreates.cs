using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>Creates, with what section 5 of client-sdk.md says about lost replies.</summary>
internal sealed class ZnodeCreates(ClientCore core, PathMap paths)
{
    // A container parent can vanish between its creation and ours, but not for ever.
    private const int ParentAttemptsMax = 10;

    /// <returns>The znode; null only with <paramref name="nullIfExists"/>.</returns>
    internal ValueTask<CreatedZnode?> CreateAsync(Creation creation, CallBudget budget, bool nullIfExists) =>
        creation.IsKnownByOwner
            ? CreateEphemeralAsync(creation, budget, nullIfExists) : SendAsync(creation, budget, nullIfExists);

    private async ValueTask<CreatedZnode?> CreateEphemeralAsync(
        Creation creation, CallBudget budget, bool nullIfExists)
    {
        core.Ephemerals.Begin(creation.ServerPath);
        try
        {
            return await SendAsync(creation, budget, nullIfExists).ConfigureAwait(false);
        }
        finally
        {
            core.Ephemerals.End(creation.ServerPath);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CreatedZnode?> SendAsync(Creation creation, CallBudget budget, bool nullIfExists)
    {
        for (var attempt = 1; ; attempt++)
        {
            var seen = core.Keeper.LastZxid;
            var rank = core.Keeper.Features.Has(RankQuestion.Feature) ? creation.Rank : null;
            var call = creation.ToCall(budget.ExpiresAt, rank);
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            // The next server does not tell places: it is asked for the znode alone.
            if (reply.End == RequestEnd.NotAnnounced && attempt < ParentAttemptsMax)
                continue;
            if (reply.IsOk)
            {
                if (creation.IsKnownByOwner)
                    core.Ephemerals.TryClaim(creation.ServerPath, reply.Value!.Stat.Czxid);
                return Shown(reply.Value!);
            }

            if (reply.Is(ErrorCode.NoNode) && creation.Parents != CreateParents.None && attempt < ParentAttemptsMax)
            {
                await CreateParentsAsync(creation, budget).ConfigureAwait(false);
                continue;
            }

            if (reply.Is(ErrorCode.NodeExists) && nullIfExists)
                return null;
            if (reply.End != RequestEnd.ConnectionLost)
                throw GiveUp(creation, call.SentEpoch, reply, budget);

            var found = await ResolveAsync(creation, call.SentEpoch, seen, budget, nullIfExists).ConfigureAwait(false);
            if (found.IsResolved)
                return found.Znode;
        }
    }

    /// <returns>Resolved with the znode (or null: exists), or not resolved: it was not made and may be sent
    /// again.</returns>
    private async ValueTask<(bool IsResolved, CreatedZnode? Znode)> ResolveAsync(
        Creation creation, long epoch, long seen, CallBudget budget, bool nullIfExists)
    {
        var look = new Look(core, epoch, budget);
        if (creation.Guid is not null)
            return await ResolveProtectedAsync(creation, epoch, look, budget).ConfigureAwait(false);
        if (creation.IsSequential)
            throw new ConnectionLossException(creation.Path, Outcome.Unknown);

        var reply = await look.GetAsync(creation.ServerPath).ConfigureAwait(false);
        if (reply.Is(ErrorCode.NoNode))
            return (false, null);
        if (!reply.IsOk)
            throw UnknownWrite.Of(reply, creation.Path, core, budget.Token);
        var znode = reply.Value!;
        if (creation.IsMadeBy(znode, core.Keeper.Session.Id.Value) && IsOurs(creation, znode, seen))
            return (true, new CreatedZnode(creation.Path, znode.Stat));
        if (!creation.IsEphemeral && znode.Stat.Czxid > seen)
            throw new NodeExistsException(creation.Path, Outcome.Unknown);
        return nullIfExists ? (true, null) : throw new NodeExistsException(creation.Path);
    }

    // What was there before the call was sent, or is the znode of another call, was not made by this one.
    private bool IsOurs(Creation creation, Znode found, long seen) => !creation.IsKnownByOwner
        || (found.Stat.Czxid > seen && core.Ephemerals.TryClaim(creation.ServerPath, found.Stat.Czxid));

    private async ValueTask<(bool IsResolved, CreatedZnode? Znode)> ResolveProtectedAsync(
        Creation creation, long epoch, Look look, CallBudget budget)
    {
        var listed = await look.ChildrenAsync(creation.ServerParent).ConfigureAwait(false);
        if (listed.Is(ErrorCode.NoNode))
            return (false, null);
        if (!listed.IsOk)
            throw GiveUpLook(creation, epoch, listed, budget);
        var name = listed.Value!.Names.FirstOrDefault(name => ProtectedName.Holds(name, creation.Guid!));
        if (name is null)
            return (false, null);

        var serverPath = creation.ServerParent == "/" ? $"/{name}" : $"{creation.ServerParent}/{name}";
        var read = await look.ExistsAsync(serverPath).ConfigureAwait(false);
        if (read.Is(ErrorCode.NoNode))
            return (false, null);
        if (!read.IsOk)
            throw GiveUpLook(creation, epoch, read, budget);
        // One of an earlier session is about to vanish: it is somebody else's.
        if (creation.IsEphemeral && read.Value.EphemeralOwner != core.Keeper.Session.Id.Value)
            throw new SessionLostException(creation.Path, Outcome.Unknown);
        return (true, new CreatedZnode(paths.ToCaller(serverPath), read.Value));
    }

    private async ValueTask CreateParentsAsync(Creation creation, CallBudget budget)
    {
        var missing = new Stack<string>();
        for (var path = creation.ServerParent; path != "/"; path = ZnodePath.Parent(path))
        {
            missing.Push(path);
            var exists = await core.Send(new ExistsCall(path) { ExpiresAt = budget.ExpiresAt }, budget)
                .ConfigureAwait(false);
            if (exists.IsOk)
                break;
            if (!exists.Is(ErrorCode.NoNode))
                throw Failure.Of(exists, ReplyKind.Read, creation.Path, core, budget.Token);
        }

        var mode = creation.Parents == CreateParents.Container ? CreateMode.Container : CreateMode.Persistent;
        while (missing.TryPop(out var path))
            await CreateParentAsync(creation, path, mode, budget).ConfigureAwait(false);
    }

    private async ValueTask CreateParentAsync(Creation creation, string serverPath, CreateMode mode, CallBudget budget)
    {
        while (true)
        {
            var call = new CreateCall(serverPath, default, mode, creation.Acl, 0) { ExpiresAt = budget.ExpiresAt };
            var reply = await core.Send(call, budget).ConfigureAwait(false);
            // Whoever made it: it is there. A container above may be gone again, which the caller's next attempt finds
            // out.
            if (reply.IsOk || reply.Is(ErrorCode.NodeExists) || reply.Is(ErrorCode.NoNode))
                return;
            if (reply.End != RequestEnd.ConnectionLost)
                throw Failure.Of(reply, ReplyKind.Write, creation.Path, core, budget.Token);
        }
    }

    private Exception GiveUp(Creation creation, long epoch, Reply<CreatedZnode> reply, CallBudget budget)
    {
        if (reply.IsUnknown)
            Sweep(creation, epoch);
        return Failure.Of(reply, ReplyKind.Write, creation.Path, core, budget.Token);
    }

    private Exception GiveUpLook<T>(Creation creation, long epoch, Reply<T> look, CallBudget budget)
    {
        Sweep(creation, epoch);
        return UnknownWrite.Of(look, creation.Path, core, budget.Token);
    }

    private void Sweep(Creation creation, long epoch)
    {
        if (creation.Guid is { } guid)
            core.Sweeper.SweepProtected(creation.ServerParent, guid, creation.IsEphemeral ? epoch : 0);
    }

    private CreatedZnode Shown(CreatedZnode made) =>
        paths.Chroot == "/" ? made : made with { Path = paths.ToCaller(made.Path) };
}
