namespace Coord.Client.Recipes;

/// <summary>
/// The holder's czxid in the root of a mutex. Whoever becomes first and finds the note of another knows that it went
/// without clearing it, and lets storage drain (client-sdk.md 10.1).
/// </summary>
internal sealed class CrashNote(ICoordClient client, LockRoot root, TimeSpan delay)
{
    // The wire takes this version for "any".
    private const int VersionThatMeansAny = -1;

    private int version;

    /// <summary>
    /// Waits out the delay if a note of somebody else is there, and leaves ours. For the first in line.
    /// </summary>
    /// <exception cref="RecipeMismatchException">The root cannot keep a note.</exception>
    internal async ValueTask TakeAsync(long czxid, CancellationToken ct)
    {
        for (var hasWaited = false; ;)
        {
            var znode = await client.GetAsync(root.Path, null, ct).ConfigureAwait(false);
            var mark = root.Accept(znode);
            if (mark.IsForeign)
                throw new RecipeMismatchException(root.Path, "other bytes", root.Tag);
            version = znode.Stat.Version;
            if (mark.Number == czxid)
                return;
            if (mark.Number != 0 && !hasWaited)
            {
                await Task.Delay(delay, client.TimeProvider, ct).ConfigureAwait(false);
                hasWaited = true;
            }
            else
            {
                // Whether it was written or not, the next look tells.
                await TryWriteAsync(czxid, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deletes the contender and clears the note, both or neither.</summary>
    /// <returns>False when it was not done; the note then delays the next holder for nothing, which is safe.</returns>
    internal async ValueTask<bool> TryReleaseAsync(string contender, CancellationToken ct)
    {
        try
        {
            await client.CreateMulti().Delete(contender).Set(root.Path, RootMark.Write(root.Tag, 0), version)
                .CommitAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (MultiFailedException)
        {
            return false;
        }
    }

    private async ValueTask TryWriteAsync(long czxid, CancellationToken ct)
    {
        var bytes = RootMark.Write(root.Tag, czxid);
        try
        {
            if (version == VersionThatMeansAny)
                await client.SetAsync(root.Path, bytes, SetOptions.Overwrite, ct).ConfigureAwait(false);
            else
                await client.TrySetAsync(root.Path, bytes, version, ct).ConfigureAwait(false);
        }
        catch (BadVersionException)
        {
            // After a lost reply: perhaps our own write.
        }
    }
}
