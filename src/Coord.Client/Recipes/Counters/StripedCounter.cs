using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// A counter for statistics that many processes add to without meeting: each adds to a stripe of its own, drawn by
/// chance, and the sum reads all of them. Each stripe is a <see cref="DistributedCounter"/> at <c>path/n</c>, so no add
/// is counted twice.
/// </summary>
/// <remarks>
/// The sum is no snapshot: it holds every add that ended before it was asked for, and perhaps later ones. There is
/// no add-and-get. Thread-safe. Source: client-sdk.md 11.3.
/// </remarks>
/// <example><code>
/// var views = new StripedCounter(coord, "/stats/views");
/// await views.AddAsync(1, ct);
/// long soFar = await views.SumAsync(ct);
/// </code></example>
public sealed class StripedCounter
{
    private const int StripesMax = 1024;

    private readonly ICoordClient client;
    private readonly DistributedCounter own;

    /// <summary>Makes a counter; does no I/O.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The parent of the stripes, absolute; made by the first add.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public StripedCounter(ICoordClient client, string path, StripedCounterOptions? options = null)
    {
        RecipeChecks.Path(client, path);
        options ??= new StripedCounterOptions();
        if (options.Stripes is < 1 or > StripesMax)
            throw new ArgumentOutOfRangeException(nameof(options), options.Stripes, $"Stripes: 1 to {StripesMax}.");
        this.client = client;
        Path = path;
        own = new DistributedCounter(
            client,
            ZnodePath.Combine(path, Random.Shared.Next(options.Stripes).ToString(CultureInfo.InvariantCulture)),
            new CounterOptions
            {
                Name = ZnodePath.Name(path), ResolveTimeout = options.ResolveTimeout, Parents = options.Parents,
            });
    }

    /// <summary>The parent of the stripes, without chroot.</summary>
    public string Path { get; }

    /// <summary>Adds to the stripe of this instance. Adds of one process that wait together share a write.</summary>
    /// <param name="delta">What to add; may be negative.</param>
    /// <param name="ct">Ends the wait; an add whose write is under way may still be carried out.</param>
    /// <returns>When it is counted.</returns>
    /// <exception cref="OverflowException">The stripe's sum does not fit 64 bits. Nothing was written.</exception>
    /// <exception cref="ZnodeFormatException">The stripe's bytes are no counter. Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">A reply was lost and it cannot be told whether the add
    /// happened.</exception>
    /// <exception cref="CoordException">Not carried out; <see cref="CoordException.Outcome"/> says so.</exception>
    public async ValueTask AddAsync(long delta, CancellationToken ct = default) =>
        await own.AddAsync(delta, ct).ConfigureAwait(false);

    /// <summary>Adds all stripes up, however many there are.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The sum; 0 when nothing was ever added. Writes nothing.</returns>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    /// <exception cref="ZnodeFormatException">The bytes of a stripe are no counter.</exception>
    public async ValueTask<long> SumAsync(CancellationToken ct = default)
    {
        ChildList stripes;
        try
        {
            // Reads of one session never go back: what this one sees, those below see too.
            stripes = await client.GetChildrenAsync(Path, ReadOptions.Linearizable, ct).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return 0;
        }

        var values = await Task.WhenAll(stripes.Names.Where(IsStripe).Select(name => ReadAsync(name, ct)))
            .ConfigureAwait(false);
        return values.Aggregate(0L, static (sum, value) => checked(sum + value));
    }

    // The queue of a stripe stands beside it.
    private static bool IsStripe(string name) => name.All(char.IsAsciiDigit);

    private async Task<long> ReadAsync(string name, CancellationToken ct)
    {
        var path = ZnodePath.Combine(Path, name);
        var znode = await client.TryGetAsync(path, new ReadOptions { Consistency = ReadConsistency.Session }, ct)
            .ConfigureAwait(false);
        return znode is null ? 0 : CounterBytes.Read(path, znode.Bytes.Span, initialValue: 0).Value;
    }
}
