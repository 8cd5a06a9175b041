using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// One attempt to become the writer while an upgradeable read is held (client-sdk.md 10.3). A znode with the number of
/// the upgradeable reader keeps everybody behind it out; with its creation, nobody who stands in line and has not
/// marked its znode can hold any more. So what is to be waited for is known at once, and only becomes less: readers
/// that hold already, and readers before, who are served first. Readers behind a waiting writer do not hold, and are
/// not waited for: they wait for us.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="root">The recipe's root.</param>
/// <param name="mark">Of holders.</param>
/// <param name="options">Of the recipe.</param>
/// <param name="held">The upgradeable read.</param>
/// <param name="ct">Ends the attempt.</param>
internal sealed class LockUpgrade(
    ICoordClient client, LockRoot root, HoldMark mark, LockOptions options, LockGrant held, CancellationToken ct)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <param name="mayWait">Whether to wait for readers.</param>
    /// <returns>The writer's grant; null when readers hold and waiting is not wanted.</returns>
    /// <exception cref="LockLostException">The upgradeable read is lost or released.</exception>
    internal async ValueTask<LockGrant?> RunAsync(bool mayWait)
    {
        var released = held.ReleasedToken;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, held.LostToken, released);
        try
        {
            while (true)
            {
                var (isDone, grant) = await AttemptAsync(mayWait, either.Token).ConfigureAwait(false);
                if (isDone)
                    return grant;
                ThrowIfLost();
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, either.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (
            held.LostToken.IsCancellationRequested || released.IsCancellationRequested)
        {
            throw new LockLostException(held.Path, e);
        }
        catch (SessionLostException e)
        {
            // The read is older than the call that failed, so it went with the session.
            throw new LockLostException(held.Path, e);
        }
    }

    /// <returns>Not done when our znode went, or the connection: begin again.</returns>
    private async ValueTask<(bool IsDone, LockGrant? Grant)> AttemptAsync(bool mayWait, CancellationToken either)
    {
        // What would have to be waited for at once needs no write to be found out.
        if (!mayWait && !await WaitForReadersAsync(mayWait, either).ConfigureAwait(false))
            return (true, null);
        var guard = client.Guard(NewPath(), held.Session);
        LockGrant? grant = null;
        try
        {
            guard.Pause();
            if (!await StandAsync(guard.Path, either).ConfigureAwait(false))
                return (false, null);
            guard.Resume(guard.Path);
            if (!await WaitForReadersAsync(mayWait, either).ConfigureAwait(false))
                return (true, null);
            if (await mark.TryWriteAsync(CheckHeld(), guard.Path, either).ConfigureAwait(false) is { } token
                && await LineAcquisition.IsCertainAsync(client, guard, either).ConfigureAwait(false))
                grant = new LockGrant(client, guard, token);
            return (grant is not null, grant);
        }
        catch (CoordException e) when (
            e.IsTransient && mayWait && e is not (SessionLostException or LockLostException))
        {
            return (false, null);
        }
        finally
        {
            if (grant is null)
            {
                guard.Dispose();
                await Withdrawal.RunAsync(client, guard.Path, guard.Session).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Each attempt has a znode of its own, so that a late delete of one cannot mean another.</summary>
    private string NewPath()
    {
        var own = ZnodePath.Name(held.Path);
        var number = own[(own.LastIndexOf(ContenderLine.UpgradeableName, StringComparison.Ordinal)
            + ContenderLine.UpgradeableName.Length)..];
        var path = ZnodePath.Combine(root.Path, ContenderLine.UpgradeName + number);
        return ProtectedName.Protect(path, ProtectedName.NewGuid());
    }

    /// <returns>False when somebody wrote to the root meanwhile.</returns>
    private async ValueTask<bool> StandAsync(string path, CancellationToken either)
    {
        var znode = await client.GetAsync(root.Path, null, either).ConfigureAwait(false);
        if (root.Accept(znode).IsForeign)
            throw new RecipeMismatchException(root.Path, "other bytes", root.Tag);
        var multi = CheckHeld().Create(path, ContenderBytes.Write(client, options), CreateMode.Ephemeral);
        try
        {
            await mark.AddBeginning(multi, znode.Stat.Version).CommitAsync(either).ConfigureAwait(false);
            return true;
        }
        catch (MultiFailedException e) when (e.Code == ErrorCode.BadVersion)
        {
            return false;
        }
    }

    /// <returns>False when there are some and waiting is not wanted.</returns>
    private async ValueTask<bool> WaitForReadersAsync(bool mayWait, CancellationToken either)
    {
        var line = ContenderLine.Upgradeable;
        line.TryReadSequence(ZnodePath.Name(held.Path), out var own);
        var children = await client.GetChildrenAsync(root.Path, null, either).ConfigureAwait(false);
        foreach (var (name, sequence) in line.InOrder(children.Names))
        {
            if (!ContenderLine.Is(name, ContenderLine.PlainReadName))
                continue;
            var path = ZnodePath.Combine(root.Path, name);
            var reader = await client.TryGetAsync(path, null, either).ConfigureAwait(false);
            if (reader is null || (!ContenderLine.IsBefore(sequence, own) && !HoldMark.IsWritten(reader)))
                continue;
            if (!mayWait)
                return false;
            await client.WaitForDeletedAsync(path, either).ConfigureAwait(false);
        }

        return true;
    }

    private Multi CheckHeld() => held.CreateMulti(() => held.State is HandleState.Lost or HandleState.Released);

    private void ThrowIfLost()
    {
        if (held.State is HandleState.Lost or HandleState.Released)
            throw new LockLostException(held.Path);
    }
}
