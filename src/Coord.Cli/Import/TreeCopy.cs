using System.Collections.Concurrent;
using Coord.Cli.Snapshots;
using Coord.Client;
using Coord.Protocol;

namespace Coord.Cli.Import;

/// <summary>
/// Creates the source's znodes in the target that are not there yet, parents first, and then sets the counters of
/// children.
/// </summary>
internal sealed class TreeCopy(
    Endpoint source, Endpoint target, ZnodeKinds kinds, PresentTree present, int parallel)
{
    private readonly ConcurrentBag<Counter> counters = [];
    private readonly ConcurrentQueue<(string Path, SourceZnode Znode)> builtIn = [];
    private long copied;
    private long found;
    private long bytes;
    private long ephemerals;
    private long special;

    public long Copied => Interlocked.Read(ref copied);

    public long Bytes => Interlocked.Read(ref bytes);

    public long Ephemerals => Interlocked.Read(ref ephemerals);

    /// <summary>Containers and znodes with a time to live.</summary>
    public long Special => Interlocked.Read(ref special);

    public override string ToString() =>
        FormattableString.Invariant($"copied {Copied:N0} of {Interlocked.Read(ref found):N0} znodes found so far");

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var root in ImportPaths.Roots)
            await TreeWalk.RunAsync(root, parallel, CopyAsync, ct).ConfigureAwait(false);

        await Parallel.ForEachAsync(
            counters, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = ct },
            async (counter, stop) => await target.AskAsync(counter.Path, async () =>
            {
                await RaiseAsync(counter, stop).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var (path, znode) in builtIn)
            await OverwriteAsync(path, znode, ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<string>> CopyAsync(string path, CancellationToken ct)
    {
        if (await SourceZnode.ReadAsync(source, path, ct).ConfigureAwait(false) is not { } znode)
            return [];
        if (znode.IsEphemeral)
        {
            Interlocked.Increment(ref ephemerals);
            return [];
        }

        if (znode.HasMaskedAcl)
            throw new CommandException(ExitCodes.NotAllowed, $"the source hides the digests in the ACL of {path}: "
                + "name somebody who may administer it in --source-auth");
        var mode = kinds.Of(path, znode.Stat.Czxid, out var ttl);
        if (mode != CreateMode.Persistent)
            Interlocked.Increment(ref special);
        if (ImportPaths.IsBuiltIn(path))
            builtIn.Enqueue((path, znode));
        else if (!present.Has(path))
            await CreateAsync(path, znode, mode, ttl, ct).ConfigureAwait(false);

        if (znode.ChildrenCreated > 0)
            counters.Add(new Counter(path, znode.ChildrenCreated, mode == CreateMode.Container));
        var below = ImportPaths.Below(path, znode.Children).ToList();
        Interlocked.Add(ref found, below.Count);
        return below;
    }

    private async Task CreateAsync(
        string path, SourceZnode znode, CreateMode mode, TimeSpan? ttl, CancellationToken ct)
    {
        // A lost reply is no riddle: nobody else writes to the target.
        var options = new CreateOptions { Mode = mode, Ttl = ttl, Acl = znode.Acl, Idempotent = true };
        try
        {
            await target.AskAsync(
                path, () => target.Client.CreateAsync(path, znode.Content.Bytes, options, ct).AsTask())
                .ConfigureAwait(false);
        }
        catch (CoordException refused)
        {
            throw new CommandException(
                ExitCodes.Failed, $"the target at {path}: {refused.Message} Does somebody else write to it?");
        }

        Interlocked.Increment(ref copied);
        Interlocked.Add(ref bytes, znode.Content.Bytes.Length);
    }

    // Last, since the ACL of the root may shut this tool out.
    private async Task OverwriteAsync(string path, SourceZnode znode, CancellationToken ct)
    {
        var client = target.Client;
        if (await SourceZnode.ReadAsync(target, path, ct).ConfigureAwait(false) is not { } there)
            return;
        await target.AskAsync(path, async () =>
        {
            if (!there.Content.Bytes.Span.SequenceEqual(znode.Content.Bytes.Span))
                await client.SetAsync(path, znode.Content.Bytes, there.Stat.Version, ct).ConfigureAwait(false);
            if (!there.Acl.SequenceEqual(znode.Acl))
                await client.SetAclAsync(path, znode.Acl, there.Stat.Aversion, ct).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    // A container all of whose children are ephemeral would be swept at once if it counted them: it begins anew, as it
    // would have after its sweep.
    private async ValueTask RaiseAsync(Counter counter, CancellationToken ct)
    {
        if (counter.IsContainer
            && await target.Client.ExistsAsync(counter.Path, ct: ct).ConfigureAwait(false) is not { NumChildren: > 0 })
            return;
        await target.Client.RaiseChildCounterAsync(counter.Path, counter.Created, ct).ConfigureAwait(false);
    }

    private readonly record struct Counter(string Path, long Created, bool IsContainer);
}
