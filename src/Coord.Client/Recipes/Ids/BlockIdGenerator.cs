namespace Coord.Client.Recipes;

/// <summary>
/// Ids for any number of processes: each reserves a block by one request and gives its ids out by itself. The next
/// block is fetched in the background when a fifth of the present one is left.
/// </summary>
/// <remarks>
/// Unique, and increasing within one generator; between processes in no order. A restart leaves a gap of at most two
/// blocks: the rest of the present one, and one fetched ahead. Layout: the root <c>path</c> says the block size, a
/// <see cref="VersionCounter"/> at <c>path/blocks</c> counts; block n holds the ids from (n − 1) · size + 1 to n ·
/// size. Deleting it makes ids come again. Thread-safe. Source: client-sdk.md 11.4.
/// </remarks>
/// <example><code>
/// var orders = new BlockIdGenerator(coord, "/ids/orders", blockSize: 1000);
/// long order = await orders.NextAsync(ct);
/// </code></example>
public sealed class BlockIdGenerator
{
    private const double FetchedAheadAt = 0.2;

    private readonly Lock gate = new();
    private readonly BlockRoot root;
    private readonly VersionCounter blocks;
    private Task<int>? fetch;
    private long next = 1;
    private long last;

    /// <summary>Makes a generator; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The root, absolute; made by the first call.</param>
    /// <param name="blockSize">Ids of one block, 1 to 2³¹ − 1; the same for all users of the path.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An argument or an option is wrong.</exception>
    public BlockIdGenerator(ICoordClient client, string path, int blockSize, BlockIdOptions? options = null)
    {
        RecipeChecks.Path(client, path);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        options ??= new BlockIdOptions();
        RecipeChecks.Parents(options.Parents);
        Path = path;
        BlockSize = blockSize;
        root = new BlockRoot(client, path, blockSize, options.Parents);
        blocks = new VersionCounter(client, ZnodePath.Combine(path, "blocks"));
    }

    /// <summary>The root, without chroot.</summary>
    public string Path { get; }

    /// <summary>Ids of one block.</summary>
    public int BlockSize { get; }

    /// <summary>Takes the next id; asks the cluster only when no block is at hand.</summary>
    /// <param name="ct">Ends the wait for a block; the block itself stays for the next call.</param>
    /// <returns>An id from 1 on that nobody else got.</returns>
    /// <exception cref="RecipeMismatchException">The path is used with another block size. Nothing was
    /// written.</exception>
    /// <exception cref="CounterExhaustedException">2³¹ − 1 blocks were given out.</exception>
    /// <exception cref="ZnodeFormatException"><c>path/blocks</c> has bytes. Nothing was written.</exception>
    /// <exception cref="CoordException">No block was to be had; calling again is safe, whatever the
    /// outcome.</exception>
    public ValueTask<long> NextAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (TryTake(out var id))
                return new ValueTask<long>(id);
        }

        return WaitForBlockAsync(ct);
    }

    private async ValueTask<long> WaitForBlockAsync(CancellationToken ct)
    {
        while (true)
        {
            Task<int> wanted;
            lock (gate)
            {
                if (TryTake(out var id))
                    return id;
                wanted = IsWanted() ? fetch = FetchAsync() : fetch!;
            }

            await wanted.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Takes an id of the present block, or of the one fetched ahead. Under the gate.</summary>
    private bool TryTake(out long id)
    {
        if (next > last && fetch is { IsCompletedSuccessfully: true })
        {
            last = (long)fetch.Result * BlockSize;
            next = last - BlockSize + 1;
            fetch = null;
        }

        id = next;
        if (next > last)
            return false;
        next++;
        if (last - next + 1 <= BlockSize * FetchedAheadAt && IsWanted())
            fetch = FetchAsync();
        return true;
    }

    // One that failed is begun again; whoever waited for it was told of its error.
    private bool IsWanted() => fetch is null or { IsFaulted: true };

    private async Task<int> FetchAsync()
    {
        // Not on the caller's turn, who holds the gate.
        await Task.Yield();
        await root.AgreeAsync().ConfigureAwait(false);
        return await blocks.NextAsync().ConfigureAwait(false);
    }
}
