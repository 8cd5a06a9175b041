using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>One wait for a worker id, from the first look to the grant.</summary>
internal sealed class WorkerIdAcquisition(
    ICoordClient client, string root, int range, WorkerIdOptions options, CancellationToken ct)
{
    // The part of the session timeout that must be left when a handle is given out (client-sdk.md 9).
    private const double LeastRemaining = 0.2;

    // Between looks while every number is held or in quarantine, and after errors that pass.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly ReadOnlyMemory<byte> RootTag = "coord:worker-ids:1"u8.ToArray();
    private static readonly SetOptions AnyNumberOfTimes = new() { Repeatable = true };

    internal async ValueTask<WorkerId> RunAsync()
    {
        while (true)
        {
            try
            {
                var session = await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
                if (await ChooseAsync(session).ConfigureAwait(false) is { } slot)
                {
                    if (await TryTakeAsync(slot, session).ConfigureAwait(false) is { } taken)
                        return taken;
                    continue;
                }
            }
            catch (CoordException e) when (e.IsTransient || e.Outcome == Outcome.Unknown || e is NoNodeException)
            {
                // A number's znode may have been deleted by hand. Connection and session come back;
                // what was made belongs to a session that is over.
            }

            await Task.Delay(Pause, client.TimeProvider, ct).ConfigureAwait(false);
        }
    }

    /// <returns>The lowest number that is free and out of quarantine, or null.</returns>
    private async ValueTask<WorkerSlot?> ChooseAsync(CoordSession session)
    {
        var slots = await ReadSlotsAsync().ConfigureAwait(false);
        var quarantine = options.Quarantine ?? 2 * session.NegotiatedTimeout;
        long? now = null;
        foreach (var slot in slots.Where(static slot => !slot.IsHeld))
        {
            if (slot.Znode is null || quarantine == TimeSpan.Zero)
                return slot;
            if (!slot.IsNotedFree)
            {
                await client.TrySetAsync(slot.Path, slot.FreeNote, slot.Znode.Stat.Version, ct).ConfigureAwait(false);
                continue;
            }

            now ??= await LeadersTimeAsync().ConfigureAwait(false);
            if (now - slot.Znode.Stat.Mtime >= quarantine.TotalMilliseconds)
                return slot;
        }

        return null;
    }

    /// <summary>All used numbers, and the lowest that was never used.</summary>
    private async ValueTask<IEnumerable<WorkerSlot>> ReadSlotsAsync()
    {
        HashSet<string> used;
        try
        {
            used = [.. (await client.GetChildrenAsync(root, ReadOptions.Fresh, ct).ConfigureAwait(false)).Names];
        }
        catch (NoNodeException)
        {
            await MakeRootAsync().ConfigureAwait(false);
            used = [];
        }

        var reads = new List<Task<WorkerSlot>>();
        for (var number = 0; number < range; number++)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            reads.Add(ReadSlotAsync(number, ZnodePath.Combine(root, name), used.Contains(name)));
            if (!used.Contains(name))
                break;
        }

        return await Task.WhenAll(reads).ConfigureAwait(false);
    }

    private async Task<WorkerSlot> ReadSlotAsync(int number, string path, bool isUsed) => new(
        number, path, isUsed ? await client.TryGetAsync(path, null, ct).ConfigureAwait(false) : null);

    /// <summary>Every write tells the leader's time.</summary>
    private async ValueTask<long> LeadersTimeAsync() =>
        (await client.SetAsync(root, RootTag, AnyNumberOfTimes, ct).ConfigureAwait(false)).Mtime;

    private async ValueTask MakeRootAsync()
    {
        try
        {
            await client.TryCreateAsync(root, RootTag, new CreateOptions { Parents = options.Parents }, ct)
                .ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
            // Whoever made it.
        }
    }

    /// <returns>Null when somebody else was quicker, or the session went.</returns>
    private async ValueTask<WorkerId?> TryTakeAsync(WorkerSlot slot, CoordSession session)
    {
        // A name of its own, so that a late delete can never hit a later holder.
        var holder = ZnodePath.Combine(slot.Path, Guid.NewGuid().ToString("D"));
        var guard = client.Guard(holder, session);
        WorkerId? taken = null;
        try
        {
            if (await CommitAsync(slot.Take(client.CreateMulti(), holder)).ConfigureAwait(false))
                taken = await AcceptAsync(slot, holder, session, guard).ConfigureAwait(false);
            else
                return null;
        }
        finally
        {
            if (taken is null)
            {
                guard.Dispose();
                await Withdrawal.RunAsync(client, holder, session).ConfigureAwait(false);
            }
        }

        return taken;
    }

    /// <returns>False when it certainly was not carried out.</returns>
    private async ValueTask<bool> CommitAsync(Multi multi)
    {
        try
        {
            await multi.CommitAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (MultiFailedException)
        {
            return false;
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            return true;
        }
    }

    private async ValueTask<WorkerId?> AcceptAsync(
        WorkerSlot slot, string holder, CoordSession session, ZnodeGuard guard)
    {
        var made = await client.ExistsAsync(holder, ReadOptions.Fresh, ct).ConfigureAwait(false);
        if (session.Remaining <= session.NegotiatedTimeout * LeastRemaining)
            await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
        var isOurs = made?.EphemeralOwner == session.Id.Value && ReferenceEquals(client.Session, session)
            && !guard.IsLost;
        return isOurs ? new WorkerId(client, slot.Number, guard) : null;
    }
}
