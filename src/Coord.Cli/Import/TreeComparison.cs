using System.Collections.Concurrent;
using Coord.Cli.Snapshots;
using Coord.Protocol;

namespace Coord.Cli.Import;

/// <summary>Reads both trees and notes where they differ in what was to be moved.</summary>
internal sealed class TreeComparison(Endpoint source, Endpoint target, ZnodeKinds kinds, long sourceZxid, int parallel)
{
    private readonly ConcurrentQueue<string> differences = [];
    private long compared;

    public IReadOnlyCollection<string> Differences => differences;

    public long Compared => Interlocked.Read(ref compared);

    public override string ToString() => FormattableString.Invariant($"compared {Compared:N0} znodes");

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var root in ImportPaths.Roots)
            await TreeWalk.RunAsync(root, parallel, CompareAsync, ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<string>> CompareAsync(string path, CancellationToken ct)
    {
        var ours = SourceZnode.ReadAsync(target, path, ct);
        var theirs = await SourceZnode.ReadAsync(source, path, ct).ConfigureAwait(false);
        var copy = await ours.ConfigureAwait(false);
        if (theirs is null || theirs.IsEphemeral)
        {
            if (copy is not null)
                Note(path, "is only in the target", theirs);
            return [];
        }

        if (copy is null)
        {
            Note(path, "is missing in the target", theirs);
            return [];
        }

        Compare(path, theirs, copy);
        if (!ImportPaths.IsBuiltIn(path))
            Interlocked.Increment(ref compared);

        // Ephemerals are among the source's names: what is only in the target shows when it is visited.
        return ImportPaths.Below(path, theirs.Children.Union(copy.Children, StringComparer.Ordinal));
    }

    private void Compare(string path, SourceZnode theirs, SourceZnode copy)
    {
        if (!ImportPaths.IsQuotaUse(path) && !theirs.Content.Bytes.Span.SequenceEqual(copy.Content.Bytes.Span))
            Note(path, "has other data", theirs);
        if (!theirs.Acl.SequenceEqual(copy.Acl))
            Note(path, "has another ACL", theirs);
        var mode = kinds.Of(path, theirs.Stat.Czxid, out _);
        var beginsAnew = mode == CreateMode.Container && copy.Children.Count == 0;
        if (!beginsAnew && theirs.ChildrenCreated != copy.ChildrenCreated)
            Note(path, $"counts {copy.ChildrenCreated} children ever created, not {theirs.ChildrenCreated}", theirs);
    }

    private void Note(string path, string what, SourceZnode? theirs)
    {
        var hasChanged = theirs is null || theirs.Stat.Mzxid > sourceZxid
            || theirs.Stat.Pzxid > sourceZxid;
        differences.Enqueue($"{path} {what}{(hasChanged ? " (changed in the source meanwhile)" : "")}");
    }
}
