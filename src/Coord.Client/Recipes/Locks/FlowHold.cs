namespace Coord.Client.Recipes;

/// <summary>One acquisition as its flow remembers it: asked for, then held, then over.</summary>
internal sealed class FlowHold(ICoordClient client, string path)
{
    private LockGrant? grant;
    private volatile bool hasFailed;

    internal ICoordClient Client => client;

    internal string Path => path;

    internal bool IsHeld => Volatile.Read(ref grant)?.State is HandleState.Held or HandleState.Suspect;

    internal bool HasEnded =>
        hasFailed || Volatile.Read(ref grant)?.State is HandleState.Lost or HandleState.Released;

    /// <summary>Acquires, and remembers what came of it.</summary>
    /// <returns>The grant, or null when there was none.</returns>
    internal async ValueTask<LockGrant?> RunAsync(Func<ValueTask<LockGrant?>> acquire)
    {
        LockGrant? granted = null;
        try
        {
            granted = await acquire().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref grant, granted);
            hasFailed = granted is null;
        }

        return granted;
    }
}
