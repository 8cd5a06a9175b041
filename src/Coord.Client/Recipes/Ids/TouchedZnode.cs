using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// A znode without bytes that is set to no bytes, whatever its version: each set raises version and mzxid and tells
/// them, so it is an atomic increment without conflicts (client-sdk.md 11.2).
/// </summary>
internal sealed class TouchedZnode(ICoordClient client, string path, CreateParents parents)
{
    private static readonly SetOptions AnyNumberOfTimes = new() { Repeatable = true };

    private volatile bool isKnownEmpty;

    /// <returns>Metadata of a write that nobody else was told of. Copies whose replies were lost leave gaps.</returns>
    /// <exception cref="ZnodeFormatException">The znode has bytes. Nothing was written.</exception>
    internal async ValueTask<Stat> TouchAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await RequireEmptyAsync(ct).ConfigureAwait(false);
                return await client.SetAsync(path, default, AnyNumberOfTimes, ct).ConfigureAwait(false);
            }
            catch (NoNodeException)
            {
                await CreateAsync(ct).ConfigureAwait(false);
            }
            catch (SessionLostException)
            {
                // A copy that is still on its way only leaves a gap: set again in the next session.
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>A set of no bytes would wipe what another recipe keeps there.</summary>
    private async ValueTask RequireEmptyAsync(CancellationToken ct)
    {
        if (isKnownEmpty)
            return;
        var stat = await client.ExistsAsync(path, ReadOptions.Fresh, ct).ConfigureAwait(false)
            ?? throw new NoNodeException(path);
        if (stat.DataLength > 0)
            throw new ZnodeFormatException(path, $"{stat.DataLength} bytes where none belong");
        isKnownEmpty = true;
    }

    private async ValueTask CreateAsync(CancellationToken ct)
    {
        try
        {
            await client.TryCreateAsync(path, default, new CreateOptions { Parents = parents }, ct)
                .ConfigureAwait(false);
        }
        catch (CoordException e) when (e.Outcome == Outcome.Unknown)
        {
            // It does not matter who made it; the set tells whether it is there.
        }
    }
}
