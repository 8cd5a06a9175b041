using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// What a holder of an upgradeable lock writes into its own znode, so that an upgrade can tell who holds from who
/// stands in line. It is written only if no upgrade has begun since the line was read: each begins with a write to the
/// root, whose version the mark's multi checks. The zxid of the mark is the token, since upgrades overtake.
/// </summary>
internal sealed class HoldMark(ICoordClient client, LockRoot root, LockOptions options)
{
    // The wire takes this version for "any".
    private const int VersionThatMeansAny = -1;

    /// <summary>
    /// Whether the contender holds. Told by the version and not by the bytes, which whoever asks a holder to let go
    /// writes over: the mark is the first write to the znode, since only holders are asked.
    /// </summary>
    internal static bool IsWritten(Znode contender) => contender.Stat.Version != 0;

    /// <summary>Adds the write to the root after which marks of who has read the line before fail.</summary>
    /// <param name="multi">What begins the upgrade.</param>
    /// <param name="version">Of the root: a copy of the multi that is still on its way fails after the next.</param>
    internal Multi AddBeginning(Multi multi, int version) => multi.Set(
        root.Path, RootMark.Write(root.Tag, 0), version == VersionThatMeansAny ? null : version);

    /// <param name="contender">Our znode.</param>
    /// <param name="version">Of the root, as read with the line in which nobody stood before us.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The token; null when the line has to be looked at again.</returns>
    internal async ValueTask<FencingToken?> TryWriteAsync(string contender, int version, CancellationToken ct)
    {
        if (version != VersionThatMeansAny)
            return await TryWriteAsync(client.CreateMulti().Check(root.Path, version), contender, ct)
                .ConfigureAwait(false);
        await AddBeginning(client.CreateMulti(), version).CommitAsync(ct).ConfigureAwait(false);
        return null;
    }

    /// <param name="multi">What has to hold at the moment of the mark.</param>
    /// <param name="contender">Our znode.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The token; null when it did not hold, or our znode is gone.</returns>
    internal async ValueTask<FencingToken?> TryWriteAsync(Multi multi, string contender, CancellationToken ct)
    {
        var bytes = ContenderBytes.Write(client, options, ZnodePath.Name(contender));
        try
        {
            var results = await multi.Set(contender, bytes).CommitAsync(ct).ConfigureAwait(false);
            return new FencingToken(results[^1].Stat!.Value.Mzxid);
        }
        catch (MultiFailedException e) when (e.Code is ErrorCode.BadVersion or ErrorCode.NoNode)
        {
            return null;
        }
        catch (CoordException e) when (e.IsTransient && e.Outcome == Outcome.Unknown)
        {
            // Ours alone writes it: a copy that is still on its way only raises what is below every later token.
            var znode = await client.TryGetAsync(contender, ReadOptions.Fresh, ct).ConfigureAwait(false);
            return znode is not null && IsWritten(znode) ? new FencingToken(znode.Stat.Mzxid) : null;
        }
    }
}
