namespace Coord.Client.Recipes;

/// <summary>
/// Deletes the znode of a <see cref="SingleZnodeLock"/> if it bears our mark. Others use the same path, so it is always
/// read first and deleted by its version: a repeated delete cannot hit a later lock. Never throws.
/// </summary>
internal static class SingleZnodeRelease
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <param name="client">The client.</param>
    /// <param name="path">The znode.</param>
    /// <param name="mark">What we wrote into it.</param>
    /// <param name="czxid">Its czxid, by which it is known whatever was written into it; 0 when we never learned
    /// it.</param>
    /// <param name="session">The session it belongs to.</param>
    /// <returns>Whether the znode is known to be gone; otherwise it is tried again until the session ends.</returns>
    internal static async Task<bool> RunAsync(
        ICoordClient client, string path, string mark, long czxid, CoordSession session)
    {
        if (client.State == SessionState.Connected)
        {
            using var limit = new CancellationTokenSource(AnswerWithin, client.TimeProvider);
            if (await TryAsync(client, path, mark, czxid, limit.Token).ConfigureAwait(false))
                return true;
        }

        _ = GoOnAsync(client, path, mark, czxid, session);
        return false;
    }

    private static async Task GoOnAsync(ICoordClient client, string path, string mark, long czxid, CoordSession session)
    {
        while (!session.IsLost && client.State is not (SessionState.Closed or SessionState.AuthFailed)
            && !await TryAsync(client, path, mark, czxid, session.LostToken).ConfigureAwait(false))
        {
            await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider).ConfigureAwait(false);
        }
    }

    /// <returns>Whether our znode is known to be gone.</returns>
    private static async ValueTask<bool> TryAsync(
        ICoordClient client, string path, string mark, long czxid, CancellationToken ct)
    {
        try
        {
            var znode = await client.TryGetAsync(path, ReadOptions.Fresh, ct).ConfigureAwait(false);
            if (znode is null
                || (znode.Stat.Czxid != czxid && !ContenderBytes.HasMark(znode.Bytes.Span, mark)))
                return true;
            var version = new DeleteOptions { ExpectedVersion = znode.Stat.Version };
            await client.DeleteAsync(path, version, ct).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // Another version, or no answer: looked at again.
            return false;
        }
    }
}
