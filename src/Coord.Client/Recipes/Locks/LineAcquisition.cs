using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// One attempt to get to the head of a line, from the first request to the turn (client-sdk.md 10.1).
/// </summary>
/// <param name="client">The client.</param>
/// <param name="root">The recipe's root.</param>
/// <param name="line">Who waits for whom.</param>
/// <param name="name">What the name of our contender begins with.</param>
/// <param name="options">Of the recipe.</param>
/// <param name="note">The holder's note, or null where there is none.</param>
/// <param name="mark">What a holder writes into its znode, or null where it writes nothing.</param>
/// <param name="telemetry">Of the lock that is acquired.</param>
/// <param name="ct">Ends the attempt.</param>
internal sealed class LineAcquisition(
    ICoordClient client, LockRoot root, ContenderLine line, string name, LockOptions options, CrashNote? note,
    HoldMark? mark, LockTelemetry telemetry, CancellationToken ct)
{
    // The part of the session timeout that must be left when a handle is given out (client-sdk.md 9).
    private const double LeastRemaining = 0.2;

    private readonly CreateOptions contending = new()
    {
        Mode = CreateMode.EphemeralSequential, Protected = true,

        // A mark is written against the version of a list.
        Rank = mark is null ? line.QuestionOf(name) : null,
    };

    // Between attempts that ended with an error which passes, so that a server that refuses is not besieged.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private bool isWaiting;

    /// <param name="mayWait">Whether to stand in line behind others, and to wait out errors of the connection until the
    /// token fires.</param>
    /// <returns>The turn; null when it is not ours and waiting is not wanted.</returns>
    internal async ValueTask<Turn?> RunAsync(bool mayWait)
    {
        while (true)
        {
            try
            {
                var session = await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
                var (isDone, turn) = await ContendAsync(session, mayWait).ConfigureAwait(false);
                if (isDone)
                    return turn;
                if (options.WhenSessionLost == WhenSessionLost.Fail && session.IsLost)
                    throw new SessionLostException(root.Path);
            }
            catch (CoordException e) when (mayWait && e.IsTransient && !IsFinal(e))
            {
                // Connection and session come back, and what may have been left behind is swept: stand in line again.
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <returns>False when the znode or its session went meanwhile.</returns>
    internal static async ValueTask<bool> IsCertainAsync(ICoordClient client, ZnodeGuard guard, CancellationToken ct)
    {
        // No handle is given out that would be about to end.
        var session = guard.Session;
        if (session.Remaining <= session.NegotiatedTimeout * LeastRemaining)
            await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
        return !session.IsLost && !guard.IsLost && ReferenceEquals(client.Session, session);
    }

    private bool IsFinal(
        CoordException e) => e is SessionLostException && options.WhenSessionLost == WhenSessionLost.Fail;

    /// <returns>Not done when our znode or our session went: begin again.</returns>
    private async ValueTask<(bool IsDone, Turn? Turn)> ContendAsync(CoordSession session, bool mayWait)
    {
        var (contender, children) = await StandInLineAsync().ConfigureAwait(false);
        session = client.Session.Id.Value == contender.Stat.EphemeralOwner ? client.Session : session;
        var guard = client.Guard(contender.Path, session);
        try
        {
            await root.CheckAsync(ct).ConfigureAwait(false);
            var token = session.Id.Value == contender.Stat.EphemeralOwner
                ? await WaitForTurnAsync(contender, children, guard, mayWait).ConfigureAwait(false)
                : null;
            var isFirst = token is not null;
            if (isFirst && note is not null)
                isFirst = await LeaveNoteAsync(note, contender, guard).ConfigureAwait(false);
            if (isFirst && await IsCertainAsync(client, guard, ct).ConfigureAwait(false))
                return (true, new Turn(contender, guard, token!.Value));
            await WithdrawAsync(contender, guard).ConfigureAwait(false);
            return (!mayWait && !guard.IsLost && !session.IsLost, null);
        }
        catch
        {
            await WithdrawAsync(contender, guard).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends the create and the listing in one flight: a session's requests are ordered, so the list has our znode in
    /// it. A server that tells the place with the create is asked for no list. The look at the tag goes with them.
    /// </summary>
    private async ValueTask<(CreatedZnode Contender, ChildList? Children)> StandInLineAsync()
    {
        var isTold = mark is null && client.Features.Has(RankQuestion.Feature);
        var creating = root.CreateChildAsync(name, ContenderBytes.Write(client, options), contending, ct);
        var listing = isTold ? Task.FromResult<ChildList?>(null) : ListAsync(null);
        var checking = root.CheckAsync(ct);
        CreatedZnode contender;
        try
        {
            contender = await creating.ConfigureAwait(false);
        }
        catch
        {
            await IgnoreAsync(listing).ConfigureAwait(false);
            await IgnoreAsync(checking).ConfigureAwait(false);
            throw;
        }

        // A tag that could not be read, or is another recipe's, is looked at again with the znode to be withdrawn.
        await IgnoreAsync(checking).ConfigureAwait(false);
        try
        {
            return (contender, await listing.ConfigureAwait(false));
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException)
        {
            // The list is read again while waiting for the turn; cancellation is noticed there, with the znode to be
            // withdrawn.
            return (contender, null);
        }
    }

    /// <returns>The token when it is our turn; null when we are not there any more, or not first and not to
    /// wait.</returns>
    private async ValueTask<FencingToken?> WaitForTurnAsync(
        CreatedZnode contender, ChildList? children, ZnodeGuard guard, bool mayWait)
    {
        var own = ZnodePath.Name(contender.Path);
        var rank = contender.Rank;
        var isLinked = false;
        while (true)
        {
            var predecessor = rank?.Predecessor;
            if (rank is null && !line.TryFindPredecessor(children?.Names ?? [], own, out predecessor))
            {
                // After a reconnect the list may have overtaken the create: look once more behind a sync before
                // believing it.
                children = await ListAsync(ReadOptions.Fresh).ConfigureAwait(false);
                if (children is null || !line.TryFindPredecessor(children.Names, own, out predecessor))
                    return null;
            }

            if (rank is null)
                telemetry.Looked(line, children!.Names, own);
            else
                telemetry.Looked(rank.Position, rank.Position);
            isWaiting = predecessor is not null;
            if (predecessor is null)
            {
                if (mark is null)
                    return new FencingToken(contender.Stat.Czxid);
                var version = children!.Stat.Version;
                if (await mark.TryWriteAsync(contender.Path, version, ct).ConfigureAwait(false) is { } token)
                    return token;
            }
            else
            {
                if (mayWait && !isLinked)
                {
                    // The only one before us is the first: no list has to be read to find it.
                    var known = rank is { Position: 1 } ? [predecessor] : children?.Names;
                    await telemetry.LinkAsync(line, root.Path, known, ct).ConfigureAwait(false);
                }

                isLinked = true;
                var before = ZnodePath.Combine(root.Path, predecessor);
                if (!mayWait || !await WaitForAsync(before, guard).ConfigureAwait(false))
                    return null;
                // Whoever went may not have been the one that mattered any more: from now on the list is the truth.
                rank = null;
            }

            children = await ListAsync(null).ConfigureAwait(false);
        }
    }

    /// <returns>False when our own znode or session went meanwhile.</returns>
    private async ValueTask<bool> WaitForAsync(string predecessor, ZnodeGuard guard)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, guard.LostToken);
        try
        {
            await client.WaitForDeletedAsync(predecessor, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (guard.LostToken.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <returns>False when our own znode or session went meanwhile.</returns>
    private async ValueTask<bool> LeaveNoteAsync(CrashNote crashNote, CreatedZnode contender, ZnodeGuard guard)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, guard.LostToken);
        try
        {
            await crashNote.TakeAsync(contender.Stat.Czxid, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (guard.LostToken.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task WithdrawAsync(CreatedZnode contender, ZnodeGuard guard)
    {
        guard.Dispose();
        // Before the znode goes: whoever stands behind it looks for itself then.
        if (isWaiting)
            telemetry.Left();
        isWaiting = false;
        await Withdrawal.RunAsync(client, contender.Path, guard.Session).ConfigureAwait(false);
    }

    /// <returns>The children, or null when the root is missing.</returns>
    private async Task<ChildList?> ListAsync(ReadOptions? read)
    {
        try
        {
            return await client.GetChildrenAsync(root.Path, read, ct).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    private static async Task IgnoreAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // The create's outcome is the one that counts.
        }
    }
}
