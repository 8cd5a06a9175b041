namespace Coord.Client.Recipes;

/// <summary>
/// Takes a contender znode away: at once if the server answers, otherwise in the background. Never throws.
/// </summary>
internal static class Withdrawal
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    /// <param name="client">The client.</param>
    /// <param name="path">The znode.</param>
    /// <param name="session">The session it belongs to.</param>
    /// <param name="note">The note to be cleared with it, or null.</param>
    /// <returns>Whether the znode is known to be gone.</returns>
    internal static async Task<bool> RunAsync(
        ICoordClient client, string path, CoordSession session, CrashNote? note = null)
    {
        if (client.State == SessionState.Connected)
        {
            using var limit = new CancellationTokenSource(AnswerWithin, client.TimeProvider);
            try
            {
                if (note is null || !await note.TryReleaseAsync(path, limit.Token).ConfigureAwait(false))
                    await client.DeleteAsync(path, null, limit.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
            {
                // The sweeper goes on below; if it cannot either, the znode ends with its session.
            }
        }

        // With the session lost the znode may linger until the cluster notices: deleting it by its unique name helps
        // the next in line.
        client.DeleteEventually(path, session.IsLost ? null : session);
        return false;
    }
}
