using System.Diagnostics;
using System.Globalization;
using Coord.Cli.Snapshots;

namespace Coord.Cli.Import;

/// <summary>An import from beginning to end: connect, look, copy, compare.</summary>
internal static class ImportRun
{
    private const string CounterFeature = "child-counter";

    /// <returns>0 when both trees are equal.</returns>
    /// <exception cref="CommandException">It cannot begin, or not go on.</exception>
    public static async Task<int> StartAsync(ImportOptions options, ImportReport report, CancellationToken ct)
    {
        if (options.Target.Length == 0)
            throw new CommandException(ExitCodes.WrongUse, "name the target with --to");
        if (options.Source.Contains('/') || options.Target.Contains('/'))
            throw new CommandException(
                ExitCodes.WrongUse, "name hosts only: whole trees are copied, not what is below a chroot");
        var kinds = options.Snapshot is { } file ? SnapshotReader.Read(file) : ZnodeKinds.None;
        await using var source = await Endpoint.ConnectAsync(
            "the source", options.Source, "--source-auth", options.SourceAuth, options, ct).ConfigureAwait(false);
        await using var target = await Endpoint.ConnectAsync(
            "the target", options.Target, "--target-auth", options.TargetAuth, options, ct).ConfigureAwait(false);
        await RequireEmptyAsync(target, ct).ConfigureAwait(false);
        if (options.Snapshot is null)
            ImportReport.Say(
                "without --snapshot containers and times to live are not known: all znodes become persistent");
        else
            ImportReport.Say(Words($"the snapshot shows {kinds.Count:N0} containers and znodes with a time to live"));

        var sourceZxid = source.Client.LastSeenZxid.Value;
        var clock = Stopwatch.StartNew();
        var copy = new TreeCopy(source, target, kinds, options.Parallel);
        await report.ShowAsync(copy.RunAsync(ct), copy).ConfigureAwait(false);
        ImportReport.Say(
            Words($"copied {copy.Copied:N0} znodes, {copy.Bytes:N0} bytes, in {clock.Elapsed.TotalSeconds:F1} s; ")
            + Words($"left out {copy.Ephemerals:N0} ephemerals"));

        var isOther = kinds.Count > 0 && copy.Special == 0;
        if (copy.Special < kinds.Count)
            ImportReport.Say(Words($"only {copy.Special:N0} of the snapshot's {kinds.Count:N0} containers and znodes ")
                + "with a time to live are in the source as the snapshot shows them: the others are gone or were made "
                + "anew, and what was made anew became persistent"
                + (isOther ? ". None is: is the snapshot of another ensemble?" : ""));

        clock.Restart();
        await target.Client.SyncAsync("/", ct).ConfigureAwait(false);
        var comparison = new TreeComparison(source, target, kinds, sourceZxid, options.Parallel);
        await report.ShowAsync(comparison.RunAsync(ct), comparison).ConfigureAwait(false);
        var differences = comparison.Differences;
        ImportReport.Say(Words($"compared {comparison.Compared:N0} znodes in {clock.Elapsed.TotalSeconds:F1} s: ")
            + (differences.Count == 0 ? "both trees are equal" : Words($"{differences.Count:N0} differences")));
        ImportReport.Differences(differences);
        return differences.Count == 0 && !isOther ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task RequireEmptyAsync(Endpoint target, CancellationToken ct)
    {
        if (!target.Client.Features.Has(CounterFeature))
            throw new CommandException(
                ExitCodes.Failed, $"the target does not announce {CounterFeature}: is it a Coord cluster?");
        foreach (var root in ImportPaths.Roots)
        {
            var children = await target.AskAsync(
                root, () => target.Client.GetChildrenAsync(root, ct: ct).AsTask()).ConfigureAwait(false);
            if (ImportPaths.Below(root, children.Names).FirstOrDefault() is { } there)
                throw new CommandException(
                    ExitCodes.Exists, $"the target is not empty: {there} is there. Nothing was changed");
        }
    }

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
