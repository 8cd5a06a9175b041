namespace Coord.Client.Recipes;

/// <summary>
/// Numbers that are unique in the whole cluster, across all sequences, and strictly increase in commit order, without
/// end: each is the mzxid of an unconditional set of a znode without bytes. One request, never a conflict.
/// </summary>
/// <remarks>
/// Not consecutive: whatever else is written in between takes zxids too. Numbers go on increasing when the znode is
/// deleted and made again. Nobody else may write to the znode. Thread-safe. Source: client-sdk.md 11.2; ZooKeeper
/// Programmer's Guide, Time in ZooKeeper.
/// </remarks>
/// <example><code>
/// var events = new ZxidSequence(coord, "/sequences/events");
/// long position = await events.NextAsync(ct);
/// </code></example>
public sealed class ZxidSequence
{
    private readonly TouchedZnode znode;

    /// <summary>Makes a sequence; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The znode, absolute; made by the first call.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public ZxidSequence(ICoordClient client, string path, SequenceOptions? options = null)
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
    /// <returns>A positive number, larger than all that were returned before this call began.</returns>
    /// <exception cref="ZnodeFormatException">The znode has bytes: it is not such a sequence. Nothing was
    /// written.</exception>
    /// <exception cref="CoordException">No number was taken, or, with <see cref="Outcome.Unknown"/>, one that nobody
    /// will get: calling again is safe.</exception>
    public async ValueTask<long> NextAsync(CancellationToken ct = default) =>
        (await znode.TouchAsync(ct).ConfigureAwait(false)).Mzxid;
}
