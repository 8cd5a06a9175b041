using System.Collections.Concurrent;
using System.Globalization;

namespace Coord.Cli.Import;

/// <summary>
/// What an import that ended early left in the target: all of it must be in the source as well, the same in all that
/// the wire shows, or nothing is changed.
/// </summary>
internal sealed class PresentTree(Endpoint source, Endpoint target, int parallel)
{
    private readonly ConcurrentDictionary<string, bool> paths = new(StringComparer.Ordinal);

    /// <summary>Znodes that need not be copied.</summary>
    public int Count => paths.Count;

    public bool Has(string path) => paths.ContainsKey(path);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"looked at {Count:N0} znodes that are in the target");

    /// <summary>Looks at all that is in the target.</summary>
    /// <exception cref="CommandException">It is not the beginning of a copy of the source.</exception>
    public async Task ReadAsync(CancellationToken ct)
    {
        foreach (var root in ImportPaths.Roots)
            await TreeWalk.RunAsync(root, parallel, LookAsync, ct).ConfigureAwait(false);
    }

    private async Task<IEnumerable<string>> LookAsync(string path, CancellationToken ct)
    {
        if (await SourceZnode.ReadAsync(target, path, ct).ConfigureAwait(false) is not { } copy)
            return [];
        if (!ImportPaths.IsBuiltIn(path))
        {
            var theirs = await SourceZnode.ReadAsync(source, path, ct).ConfigureAwait(false);
            if (WhyNot(path, theirs, copy) is { } why)
                throw new CommandException(
                    ExitCodes.Exists, $"the target is not the beginning of a copy of this source: {path} {why}. "
                    + "Nothing was changed: empty the target and start over");
            paths.TryAdd(path, true);
        }

        return ImportPaths.Below(path, copy.Children);
    }

    private static string? WhyNot(string path, SourceZnode? theirs, SourceZnode copy)
    {
        if (theirs is null || theirs.IsEphemeral)
            return "is not in the source";
        if (!ImportPaths.IsQuotaUse(path) && !theirs.Content.Bytes.Span.SequenceEqual(copy.Content.Bytes.Span))
            return "has other data there";
        if (!theirs.Acl.SequenceEqual(copy.Acl))
            return "has another ACL there";
        return copy.ChildrenCreated > theirs.ChildrenCreated ? "had fewer children there" : null;
    }
}
