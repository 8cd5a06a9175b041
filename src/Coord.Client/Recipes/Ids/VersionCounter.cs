namespace Coord.Client.Recipes;

/// <summary>
/// Numbers from 1 on for any number of writers, one request each and never a conflict: each is the version that an
/// unconditional set of a znode without bytes brought. Works alike on every ZooKeeper.
/// </summary>
/// <remarks>
/// No number is given twice as long as the znode is not deleted; a lost reply leaves a gap. Nobody else may write to
/// the znode. Thread-safe. Source: client-sdk.md 11.2; ZooKeeper Programmer's Guide, Stat Structure.
/// </remarks>
/// <example><code>
/// var tickets = new VersionCounter(coord, "/tickets/next");
/// int ticket = await tickets.NextAsync(ct);
/// </code></example>
public sealed class VersionCounter
{
    private readonly TouchedZnode znode;
    private volatile bool isExhausted;

    /// <summary>Makes a counter; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The znode, absolute; made by the first call.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public VersionCounter(ICoordClient client, string path, SequenceOptions? options = null)
    {
        RecipeChecks.Path(client, path);
        options ??= new SequenceOptions();
        RecipeChecks.Parents(options.Parents);
        Path = path;
        znode = new TouchedZnode(client, path, options.Parents);
    }

    /// <summary>The znode, without chroot.</summary>
    public string Path { get; }

    /// <summary>Takes the next number.</summary>
    /// <param name="ct">Cancels; a request that was sent leaves a gap.</param>
    /// <returns>A number from 1 to 2³¹ − 1 that nobody else got, larger than all that were returned before this call
    /// began.</returns>
    /// <exception cref="CounterExhaustedException">2³¹ − 1 was given out. No number was taken.</exception>
    /// <exception cref="ZnodeFormatException">The znode has bytes: it is not such a counter. Nothing was
    /// written.</exception>
    /// <exception cref="CoordException">No number was taken, or, with <see cref="Outcome.Unknown"/>, one that nobody
    /// will get: calling again is safe.</exception>
    public async ValueTask<int> NextAsync(CancellationToken ct = default)
    {
        if (isExhausted)
        {
            ct.ThrowIfCancellationRequested();
            throw new CounterExhaustedException(Path);
        }

        var version = (await znode.TouchAsync(ct).ConfigureAwait(false)).Version;
        if (version > 0)
            return version;
        // The version wrapped around. Not written again from here: after as many writes once more it would be 1.
        isExhausted = true;
        throw new CounterExhaustedException(Path);
    }
}
