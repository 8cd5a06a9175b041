using System.Diagnostics;
using System.Globalization;
using Coord.Cli.Snapshots;
using Coord.Client;
using Coord.Protocol;

namespace Coord.Cli.Import;

/// <summary>An import from beginning to end: connect, look, copy, compare.</summary>
internal static class ImportRun
{
    // The target's sweeps rest while the import's session owns it: znodes with a short time to live would not live
    // until their children come.
    private const string SweepHold = "/zookeeper/sweep-hold";

    private static readonly string[] Features = ["child-counter", "sweep-hold"];

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
        RequireFeatures(target);
        await HoldSweepsAsync(target, ct).ConfigureAwait(false);
        var present = new PresentTree(source, target, options.Parallel);
        if (options.Resume)
            await report.ShowAsync(present.ReadAsync(ct), present).ConfigureAwait(false);
        else
            await RequireEmptyAsync(target, ct).ConfigureAwait(false);
        if (options.Snapshot is null)
            ImportReport.Say(
                "without --snapshot containers and times to live are not known: all znodes become persistent");
        else
            ImportReport.Say(Words($"the snapshot shows {kinds.Count:N0} containers and znodes with a time to live"));
        if (options.Snapshot is not null && present.Count > 0)
            ImportReport.Say(Words($"{present.Count:N0} znodes are there already and keep their kind, whatever the ")
                + "snapshot shows of them");

        var sourceZxid = source.Client.LastSeenZxid.Value;
        var clock = Stopwatch.StartNew();
        var copy = new TreeCopy(source, target, kinds, present, options.Parallel);
        await SayingHowToGoOnAsync(copy, () => report.ShowAsync(copy.RunAsync(ct), copy)).ConfigureAwait(false);
        ImportReport.Say(
            Words($"copied {copy.Copied:N0} znodes, {copy.Bytes:N0} bytes, in {clock.Elapsed.TotalSeconds:F1} s; ")
            + Words($"left out {copy.Ephemerals:N0} ephemerals")
            + (options.Resume ? Words($"; {present.Count:N0} were there already") : ""));

        var isOther = kinds.Count > 0 && copy.Special == 0;
        if (copy.Special < kinds.Count)
            ImportReport.Say(Words($"only {copy.Special:N0} of the snapshot's {kinds.Count:N0} containers and znodes ")
                + "with a time to live are in the source as the snapshot shows them: the others are gone or were made "
                + "anew, and what was made anew became persistent"
                + (isOther ? ". None is: is the snapshot of another ensemble?" : ""));

        clock.Restart();
        var comparison = new TreeComparison(source, target, kinds, sourceZxid, options.Parallel);
        await SayingHowToGoOnAsync(copy, () => CompareAsync(target, comparison, report, ct)).ConfigureAwait(false);
        var differences = comparison.Differences;
        ImportReport.Say(Words($"compared {comparison.Compared:N0} znodes in {clock.Elapsed.TotalSeconds:F1} s: ")
            + (differences.Count == 0 ? "both trees are equal" : Words($"{differences.Count:N0} differences")));
        ImportReport.Differences(differences);
        return differences.Count == 0 && !isOther ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task CompareAsync(
        Endpoint target, TreeComparison comparison, ImportReport report, CancellationToken ct)
    {
        await target.Client.SyncAsync("/", ct).ConfigureAwait(false);
        await report.ShowAsync(comparison.RunAsync(ct), comparison).ConfigureAwait(false);
    }

    /// <summary>Tells, where a part of the import ends early, that another run can go on.</summary>
    private static async Task SayingHowToGoOnAsync(TreeCopy copy, Func<Task> part)
    {
        try
        {
            await part().ConfigureAwait(false);
        }
        catch (Exception) when (copy.Copied > 0)
        {
            ImportReport.Say(
                $"{copy}, and they stay in the target: the same command with --resume goes on from there");
            throw;
        }
    }

    private static void RequireFeatures(Endpoint target)
    {
        if (Features.FirstOrDefault(feature => !target.Client.Features.Has(feature)) is { } missing)
            throw new CommandException(
                ExitCodes.Failed, $"the target does not announce {missing}: is it a Coord cluster?");
    }

    private static async Task HoldSweepsAsync(Endpoint target, CancellationToken ct)
    {
        var options = new CreateOptions { Mode = CreateMode.Ephemeral };
        try
        {
            await target.AskAsync(
                SweepHold, () => target.Client.CreateAsync(SweepHold, default, options, ct).AsTask())
                .ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
            throw new CommandException(
                ExitCodes.Exists, $"another import is under way, or was killed a moment ago: {SweepHold} is in the "
                + "target, and goes with the session that made it. Nothing was changed");
        }
    }

    private static async Task RequireEmptyAsync(Endpoint target, CancellationToken ct)
    {
        foreach (var root in ImportPaths.Roots)
        {
            var children = await target.AskAsync(
                root, () => target.Client.GetChildrenAsync(root, ct: ct).AsTask()).ConfigureAwait(false);
            if (ImportPaths.Below(root, children.Names).FirstOrDefault() is { } there)
                throw new CommandException(
                    ExitCodes.Exists, $"the target is not empty: {there} is there. Nothing was changed. If it is what "
                    + "an import of this source left that ended early, --resume goes on from there");
        }
    }

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
