using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// One attempt to get permits (client-sdk.md 10.5): the turn in the queue first; then, as the only one that may, leases
/// are created and counted until they are within the limit. Two that both believed to be first would both count too
/// many and wait.
/// </summary>
internal sealed class SemaphoreAcquisition(
    ICoordClient client, SemaphoreRoot root, LockRoot queue, LockRoot leases, string path, LockOptions options,
    int permits, LockTelemetry telemetry, CancellationToken ct)
{
    internal const string LeaseName = "lease-";

    private static readonly CreateOptions Leasing =
        new() { Mode = CreateMode.EphemeralSequential, Protected = true };

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Leases have the order of their numbers; nobody waits for anybody.</summary>
    internal static ContenderLine Leases { get; } = new([LeaseName], static (_, _) => false);

    /// <returns>A grant for each permit; null when they are not to be had and waiting is not wanted.</returns>
    internal async ValueTask<IReadOnlyList<LockGrant>?> RunAsync(bool mayWait)
    {
        while (true)
        {
            try
            {
                await root.OpenAsync(ct).ConfigureAwait(false);
                var turn = await new LineAcquisition(
                    client, queue, ContenderLine.Mutex, ContenderLine.LockName, options, note: null, mark: null,
                    telemetry, ct)
                    .RunAsync(mayWait).ConfigureAwait(false);
                if (turn is null)
                    return null;
                var (isDone, granted) = await TakeTurnAsync(turn, mayWait).ConfigureAwait(false);
                if (isDone)
                    return granted;
                if (options.WhenSessionLost == WhenSessionLost.Fail && turn.Guard.Session.IsLost)
                    throw new SessionLostException(path);
            }
            catch (CoordException e) when (mayWait && e.IsTransient && !IsFinal(e))
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct)
                    .ConfigureAwait(false);
            }
        }
    }

    private bool IsFinal(
        CoordException e) => e is SessionLostException && options.WhenSessionLost == WhenSessionLost.Fail;

    /// <returns>Not done when the turn or a lease went: begin again.</returns>
    private async ValueTask<(bool IsDone, IReadOnlyList<LockGrant>? Granted)> TakeTurnAsync(Turn turn, bool mayWait)
    {
        var taken = new List<Turn>();
        var isGranted = false;
        try
        {
            await CreateLeasesAsync(taken).ConfigureAwait(false);
            var hasRoom = await WaitForRoomAsync(turn, taken, mayWait).ConfigureAwait(false);
            var isOurs = !turn.Guard.IsLost && taken.TrueForAll(IsOurs);
            isGranted = hasRoom && isOurs
                && await LineAcquisition.IsCertainAsync(client, turn.Guard, ct).ConfigureAwait(false);
            return isGranted ? (true, taken.ConvertAll(Grant)) : (!mayWait && isOurs, null);
        }
        finally
        {
            if (!isGranted)
                await Task.WhenAll(taken.Select(WithdrawAsync)).ConfigureAwait(false);
            // The next in line may go on; our permits do not depend on when it hears of that.
            var leaving = WithdrawAsync(turn);
            if (!isGranted)
                await leaving.ConfigureAwait(false);
        }
    }

    private async ValueTask CreateLeasesAsync(List<Turn> taken)
    {
        var record = ContenderBytes.Write(client, options);
        var creating = new List<Task<CreatedZnode>>(permits);
        for (var i = 0; i < permits; i++)
            creating.Add(leases.CreateChildAsync(LeaseName, record, Leasing, ct));
        try
        {
            await Task.WhenAll(creating).ConfigureAwait(false);
        }
        finally
        {
            foreach (var created in creating.Where(static task => task.IsCompletedSuccessfully))
            {
                var lease = await created.ConfigureAwait(false);
                taken.Add(new Turn(
                    lease, client.Guard(lease.Path, client.Session), new FencingToken(lease.Stat.Czxid)));
            }
        }
    }

    /// <returns>False when there is none and waiting is not wanted, or when the turn or a lease went.</returns>
    private async ValueTask<bool> WaitForRoomAsync(Turn turn, List<Turn> taken, bool mayWait)
    {
        if (await LookAsync(taken, null).ConfigureAwait(false) is { } first)
            return first || (mayWait && await WaitForChangesAsync(turn, taken).ConfigureAwait(false));
        // After a reconnect the list may have overtaken the create: look once more behind a sync before believing it.
        return await LookAsync(taken, ReadOptions.Fresh).ConfigureAwait(false) is { } second
            && (second || (mayWait && await WaitForChangesAsync(turn, taken).ConfigureAwait(false)));
    }

    private async ValueTask<bool> WaitForChangesAsync(Turn turn, List<Turn> taken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, turn.Guard.LostToken);
        var changes = new ChangeSignal(client);
        await using (changes.ConfigureAwait(false))
        {
            changes.Follow(leases.Path, WatchScope.Children);
            changes.Follow(path, WatchScope.Node);
            while (true)
            {
                try
                {
                    await changes.WaitAsync(either.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    return false;
                }

                if (await LookAsync(taken, null).ConfigureAwait(false) is not { } hasRoom)
                    return false;
                if (hasRoom)
                    return true;
            }
        }
    }

    /// <returns>Whether all leases are within the limit; null when one of ours is not there.</returns>
    private async ValueTask<bool?> LookAsync(List<Turn> taken, ReadOptions? read)
    {
        var listing = ListAsync(read);
        var limit = await root.LimitAsync(ct).ConfigureAwait(false);
        var names = await listing.ConfigureAwait(false);
        if (permits > limit)
            throw new SemaphoreLimitException(path, limit, permits);
        if (!taken.TrueForAll(lease => names.Contains(ZnodePath.Name(lease.Contender.Path))))
            return null;
        return names.Count(static name => Leases.TryReadSequence(name, out _)) <= limit;
    }

    private async Task<IReadOnlyList<string>> ListAsync(ReadOptions? read)
    {
        try
        {
            return (await client.GetChildrenAsync(leases.Path, read, ct).ConfigureAwait(false)).Names;
        }
        catch (NoNodeException)
        {
            return [];
        }
    }

    private bool IsOurs(Turn lease) =>
        !lease.Guard.IsLost && lease.Contender.Stat.EphemeralOwner == lease.Guard.Session.Id.Value;

    private LockGrant Grant(Turn lease) => new(client, lease.Guard, lease.Token);

    private async Task WithdrawAsync(Turn turn)
    {
        turn.Guard.Dispose();
        await Withdrawal.RunAsync(client, turn.Contender.Path, turn.Guard.Session).ConfigureAwait(false);
    }
}
