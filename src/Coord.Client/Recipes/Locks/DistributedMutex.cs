namespace Coord.Client.Recipes;

/// <summary>
/// A lock with one holder in the cluster and a fair line: first come, first served. Layout
/// <c>path/_c_guid-lock-sequence</c>, ephemeral sequential, as Curator's, so that Java and .NET programs can share it.
/// </summary>
/// <remarks>
/// Not reentrant: each call stands in line by itself, so asking again while holding waits for oneself. Source:
/// ZooKeeper Recipes, Locks; Apache Curator, InterProcessMutex.
/// </remarks>
/// <example><code>
/// var mutex = new DistributedMutex(coord, "/locks/invoice-42");
/// await using var held = await mutex.AcquireAsync(timeout: TimeSpan.FromSeconds(5));
/// await invoices.SaveAsync(invoice, held.Token.Value, held.LostToken);
/// </code></example>
public sealed class DistributedMutex : IDistributedLock
{
    private readonly ICoordClient client;
    private readonly MutexOptions options;

    /// <summary>Makes a mutex; does no I/O.</summary>
    /// <param name="client">The client whose session holds the lock.</param>
    /// <param name="path">The root, absolute; made when missing. One per thing to be locked.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path or an option is wrong.</exception>
    public DistributedMutex(ICoordClient client, string path, MutexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ZnodePath.Combine(path, ContenderLine.LockName);
        this.client = client;
        this.options = options ?? new MutexOptions();
        Path = path;
        if (!Enum.IsDefined(this.options.WhenSessionLost) || !Enum.IsDefined(this.options.Parents))
            throw new ArgumentException("An option is not one of its values.", nameof(options));
        if (this.options.Note?.Length > ContenderRecord.NoteMaxLength)
            throw new ArgumentException("A note has at most 256 characters.", nameof(options));
        client.RequireSessionProof();
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public async ValueTask<ILockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var limit = Check(timeout ?? Timeout.InfiniteTimeSpan);
        return await RunAsync(limit, mayWait: true, ct).ConfigureAwait(false)
            ?? throw new TimeoutException($"The lock {Path} was not to be had within {timeout}.");
    }

    /// <inheritdoc/>
    public async ValueTask<ILockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken ct = default)
    {
        var limit = Check(timeout);
        if (limit != TimeSpan.Zero)
            return await RunAsync(limit, mayWait: true, ct).ConfigureAwait(false);
        if (await IsAnybodyThereAsync(ct).ConfigureAwait(false))
            return null;
        return await RunAsync(Timeout.InfiniteTimeSpan, mayWait: false, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Who stands in line now, the holder first. A picture for people: it may be old when it arrives.
    /// </summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The contenders in order.</returns>
    public async ValueTask<IReadOnlyList<Contender>> GetContendersAsync(CancellationToken ct = default)
    {
        if (await client.ExistsAsync(Path, ReadOptions.Fresh, ct).ConfigureAwait(false) is null)
            return [];
        var children = await client.GetChildrenAsync(Path, null, ct).ConfigureAwait(false);
        var contenders = new List<Contender>();
        foreach (var name in children.Names)
        {
            if (!ContenderLine.TryReadSequence(name, out var sequence))
                continue;
            var znode = await client.TryGetAsync(ZnodePath.Combine(Path, name), null, ct).ConfigureAwait(false);
            if (znode is not null)
                contenders.Add(new Contender(znode.Path, sequence, ReadRecord(znode)));
        }

        contenders.Sort(static (a, b) =>
            a.Sequence == b.Sequence ? 0 : ContenderLine.IsBefore(a.Sequence, b.Sequence) ? -1 : 1);
        return contenders;
    }

    private static string? ReadRecord(Znode znode) =>
        znode.Bytes.Length == 0 ? null : System.Text.Encoding.UTF8.GetString(znode.Bytes.Span);

    private static TimeSpan Check(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "Zero, positive or infinite.");
        return timeout;
    }

    private async ValueTask<bool> IsAnybodyThereAsync(CancellationToken ct)
    {
        try
        {
            var children = await client.GetChildrenAsync(Path, null, ct).ConfigureAwait(false);
            return children.Names.Any(static name => ContenderLine.TryReadSequence(name, out _));
        }
        catch (NoNodeException)
        {
            return false;
        }
    }

    /// <returns>The handle, or null when the limit has passed (or nobody may wait and somebody is there).</returns>
    private async ValueTask<ILockHandle?> RunAsync(TimeSpan limit, bool mayWait, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var timer = new CancellationTokenSource(limit, client.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        var acquisition = new MutexAcquisition(client, Path, options, both.Token);
        try
        {
            return await acquisition.RunAsync(mayWait, isEndless: limit != TimeSpan.Zero && mayWait)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return null;
        }
    }
}
