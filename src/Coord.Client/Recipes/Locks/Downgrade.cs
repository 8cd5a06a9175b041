using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// Replaces a writer's znode by a reader's with the same sequence number, in one multi: there is no moment without
/// either, and whoever stood behind still does.
/// </summary>
internal sealed class Downgrade(ICoordClient client, LockOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    internal async Task RunAsync(ZnodeGuard guard, string reader)
    {
        var writer = guard.Path;
        guard.Pause();
        var held = writer;
        try
        {
            while (!await TryReplaceAsync(guard, writer, reader).ConfigureAwait(false))
            {
                if (guard.IsLost)
                    throw new LockLostException(writer);
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), client.TimeProvider).ConfigureAwait(false);
            }

            held = reader;
        }
        finally
        {
            guard.Resume(held);
        }
    }

    /// <returns>False when it is not known, or not done, and may be tried again.</returns>
    /// <exception cref="LockLostException">The writer's znode is gone, and not by us.</exception>
    private async ValueTask<bool> TryReplaceAsync(ZnodeGuard guard, string writer, string reader)
    {
        try
        {
            await client.CreateMulti().Delete(writer)
                .Create(reader, ContenderBytes.Write(client, options), CreateMode.Ephemeral).CommitAsync()
                .ConfigureAwait(false);
            return true;
        }
        catch (MultiFailedException e) when (e.Code is ErrorCode.NoNode or ErrorCode.NodeExists)
        {
            // Nobody else makes a znode of this name: if it is there, an earlier try was done and its reply lost.
            if (await client.ExistsAsync(reader, ReadOptions.Fresh).ConfigureAwait(false) is not null)
                return true;
            guard.Resume(writer);
            guard.ReportGone(writer);
            throw new LockLostException(writer, e);
        }
        catch (CoordException e) when (e.IsTransient || e.Outcome == Outcome.Unknown)
        {
            // Sent again: of two copies the second finds the writer gone.
            return false;
        }
    }
}
