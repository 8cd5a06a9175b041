using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// One attempt to get a <see cref="SingleZnodeLock"/>: create, or wait for the deletion and try again.
/// </summary>
internal sealed class SingleZnodeAcquisition(
    ICoordClient client, string path, LockOptions options, CancellationToken ct)
{
    private const double LeastRemaining = 0.2;

    // Everybody who waits is woken at once; not all of them should ask at once.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly CreateOptions creating = new()
    {
        Mode = CreateMode.Ephemeral,
        Parents = options.CleanUpParent ? CreateParents.Container : CreateParents.Persistent,
    };

    internal async ValueTask<LockGrant?> RunAsync(bool mayWait)
    {
        while (true)
        {
            try
            {
                var session = await client.WaitForProofAsync(LeastRemaining, ct).ConfigureAwait(false);
                if (await TryAsync().ConfigureAwait(false) is { } grant)
                    return grant;
                if (!mayWait)
                    return null;
                await client.WaitForDeletedAsync(path, ct).ConfigureAwait(false);
                if (options.WhenSessionLost == WhenSessionLost.Fail && session.IsLost)
                    throw new SessionLostException(path);
            }
            catch (CoordException e) when (mayWait && e.IsTransient && !IsFinal(e))
            {
                // Connection and session come back.
            }

            await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider, ct).ConfigureAwait(false);
        }
    }

    private bool IsFinal(
        CoordException e) => e is SessionLostException && options.WhenSessionLost == WhenSessionLost.Fail;

    /// <returns>The grant; null when somebody else's znode is there, or ours went at once.</returns>
    private async ValueTask<LockGrant?> TryAsync()
    {
        var mark = Guid.NewGuid().ToString("N");
        // In one flight: the session says whose process the znode is, the mark whose call.
        var trying = client.TryCreateAsync(path, ContenderBytes.Write(client, options, mark), creating, ct).AsTask();
        var reading = client.TryGetAsync(path, null, ct).AsTask();
        bool isMade;
        try
        {
            isMade = await trying.ConfigureAwait(false) is not null;
        }
        catch
        {
            await IgnoreAsync(reading).ConfigureAwait(false);
            // Perhaps it was made all the same: whoever finds our mark there takes it away.
            await SingleZnodeRelease.RunAsync(client, path, mark, 0, client.Session).ConfigureAwait(false);
            throw;
        }

        if (!isMade)
        {
            await IgnoreAsync(reading).ConfigureAwait(false);
            return null;
        }

        return await GrantAsync(mark, reading).ConfigureAwait(false);
    }

    private async ValueTask<LockGrant?> GrantAsync(string mark, Task<Znode?> reading)
    {
        var session = client.Session;
        try
        {
            var znode = await reading.ConfigureAwait(false);
            // After a reconnect the read may have overtaken the create.
            if (!IsOurs(znode, mark))
                znode = await client.TryGetAsync(path, ReadOptions.Fresh, ct).ConfigureAwait(false);
            if (!IsOurs(znode, mark) || znode!.Stat.EphemeralOwner != session.Id.Value)
                return null;
            var guard = client.Guard(path, session);
            if (await LineAcquisition.IsCertainAsync(client, guard, ct).ConfigureAwait(false))
                return Grant(guard, znode.Stat.Czxid, mark);
            guard.Dispose();
        }
        catch
        {
            await SingleZnodeRelease.RunAsync(client, path, mark, 0, session).ConfigureAwait(false);
            throw;
        }

        await SingleZnodeRelease.RunAsync(client, path, mark, 0, session).ConfigureAwait(false);
        return null;
    }

    private LockGrant Grant(ZnodeGuard guard, long czxid, string mark) => new(
        client, guard, new FencingToken(czxid),
        held => SingleZnodeRelease.RunAsync(client, path, mark, czxid, held.Session), czxid);

    private static bool IsOurs(Znode? znode, string mark) =>
        znode is not null && ContenderBytes.HasMark(znode.Bytes.Span, mark);

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
