using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Campaigns;

/// <summary>The command line: a campaign, and beside it one run, the check of a history, the tables of campaigns.
/// </summary>
internal static class CampaignCommand
{
    public const int WrongUse = 2;

    private const string Names = "several with commas between them, or all";

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Required = true,
        CustomParser = result => Read<double>(result, minutes => minutes > 0, "more than 0"),
        Description = "How long to go on; a run that would not end in time is not begun. The only option needed.",
    };

    private static readonly Option<string> TargetName = Text(
        "--target", Target.Coord.Name, "coord, zookeeper or etcd.");

    private static readonly Option<string?> Workloads = new("--workload")
    {
        Description = $"{Join(CampaignOptions.WorkloadsOf(Target.Coord))}; {Names}. Default: a selection by the seed.",
    };

    private static readonly Option<string?> Nemeses = new("--nemesis")
    {
        Description =
            $"{Join(CampaignOptions.NemesesOf(Target.Coord, int.MaxValue).Select(one => one.Name))}; {Names}; " +
            "combined draws two or three families for each run, and a plus sign joins families: kill+links. Default: " +
            "a selection by the seed.",
    };

    private static readonly Option<int> Nodes = Number(
        "--nodes", "Of each cluster.", CampaignOptions.DefaultNodes, least: 1, most: 9);

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Of everything that is left to chance. Default: drawn, and printed.",
    };

    private static readonly Option<int?> Seconds = new("--secs")
    {
        CustomParser = result => Read<int>(result, seconds => seconds > 0, "more than 0"),
        Description = "Of each run. Default: 15 to 60, so that one round over all pairs fits into the minutes.",
    };

    private static readonly Option<int> Together = Number(
        "--together", "Workloads beside each other on one cluster.", 4, least: 1, most: 32);

    private static readonly Option<int> Rate = Number(
        "--rate", "Operations a second of all clients of a cluster, at most.", 4_000, least: 10, most: 100_000);

    private static readonly Option<string?> Folder = new("--reports")
    {
        Description = "Folder of the pages and tables. Default: artifacts/jepsen-like/TARGET-SEED.",
    };

    public static async Task<int> ExecuteAsync(string[] arguments)
    {
        var parsed = Build().Parse(arguments);
        // Clusters take themselves back when a signal ends the program; nothing else is left to be done then.
        var status = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? WrongUse : status;
    }

    /// <summary>Null when the arguments are wrong or ask for another command.</summary>
    public static CampaignOptions? Parse(string[] arguments)
    {
        var parsed = Build().Parse(arguments);
        return parsed.Errors.Count == 0 && parsed.CommandResult.Command is RootCommand ? Read(parsed) : null;
    }

    private static RootCommand Build()
    {
        var root = new RootCommand(
            "Hurts clusters of real processes while clients use them, and checks what the clients saw. A campaign " +
            "goes through all pairs of workload and nemesis, or as many as its minutes allow. Last line: runs=… " +
            "(those that count) anomalies=… lost=… unknown=… operations=… faults=…; exit status 1 on an anomaly, on " +
            "a run that could not begin, when no run counts, and, where both --workload and --nemesis are given, " +
            "when a pair of them was never run; 2 for wrong use.")
        {
            Minutes, TargetName, Workloads, Nemeses, Nodes, Seed, Seconds, Together, Rate, Folder,
            Passing("run", "One run.\n" + RunOptions.Usage(), RunCommand.ExecuteAsync),
            Passing("check", "Checks a recorded history again: check FILE [--target NAME].",
                arguments => Task.FromResult(CheckCommand.Execute(arguments))),
            SummaryCommand.Build(),
        };
        root.Validators.Add(Validate);
        root.SetAction(RunAsync);
        return root;
    }

    /// <summary>A command that reads its arguments by itself.</summary>
    private static Command Passing(string name, string description, Func<string[], Task<int>> execute)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => execute([.. parsed.UnmatchedTokens]));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        // Other commands have options of their own.
        if (result.Children.OfType<CommandResult>().Any())
            return;
        // A validator sees neither defaults nor what is no number.
        if (Target.Find(result.GetValue(TargetName) ?? Target.Coord.Name) is not { } target)
        {
            result.AddError($"--target must be one of {Join(Target.All.Select(one => one.Name))}.");
            return;
        }

        string[] workloads = [.. CampaignOptions.WorkloadsOf(target)];
        var given = result.GetResult(Nodes)?.Tokens is [var only] ? only.Value : null;
        var nodes = int.TryParse(given, out var number) ? number : CampaignOptions.DefaultNodes;
        string[] nemeses = [.. CampaignOptions.NemesesOf(target, nodes).Select(nemesis => nemesis.Name)];
        Refuse(result, target.Name, "--workload", result.GetValue(Workloads), workloads, ',');
        Refuse(result, $"{nodes} nodes of {target.Name}", "--nemesis", result.GetValue(Nemeses), nemeses, ',', '+');
    }

    private static void Refuse(
        CommandResult result, string place, string option, string? value, string[] known, params char[] separators)
    {
        var wrong = value is null or CampaignOptions.All ? [] : value.Split(separators).Except(known).ToArray();
        if (wrong.Length > 0)
        {
            result.AddError($"{option}: {Join(wrong)} not on {place}; all, or of {Join(known)}.");
        }
    }

    private static CampaignOptions Read(ParseResult parsed)
    {
        var target = Target.Find(parsed.GetRequiredValue(TargetName))!;
        var workloads = parsed.GetValue(Workloads);
        var nemeses = parsed.GetValue(Nemeses);
        return new CampaignOptions
        {
            Duration = TimeSpan.FromMinutes(parsed.GetValue(Minutes)),
            Seed = parsed.GetValue(Seed) ?? Random.Shared.Next(),
            Target = target,
            Nodes = parsed.GetValue(Nodes),
            Workloads = workloads is null or CampaignOptions.All
                ? CampaignOptions.WorkloadsOf(target) : [.. workloads.Split(',').Distinct()],
            Nemeses = nemeses is null or CampaignOptions.All
                ? CampaignOptions.NemesesOf(target, parsed.GetValue(Nodes))
                : [.. nemeses.Split(',').Distinct().Select(NemesisChoice.Parse)],
            MustRunAllPairs = workloads is not null && nemeses is not null,
            Together = parsed.GetValue(Together),
            RunDuration = parsed.GetValue(Seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Rate = parsed.GetValue(Rate),
            Folder = parsed.GetValue(Folder),
        };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var options = Read(parsed);
        if (options.Target.Program is { } program && !File.Exists(program.Path))
        {
            await Console.Error.WriteLineAsync(
                $"{options.Target.Name} is not installed: {program.Path} comes with the package {program.Package}");
            return 1;
        }

        var summary = await new Campaign(options, Console.WriteLine).ExecuteAsync(stop);
        foreach (var run in summary.Runs.Where(run => !run.Counts))
            Console.WriteLine($"run {run.Number} does not count: {run.Objection}\nrepeat: {run.Repeat}");
        foreach (var run in summary.Runs.Where(run => run.Anomalies > 0))
            Console.WriteLine($"run {run.Number} is {run.Verdict}, anomalies: {run.Anomalies}\nrepeat: {run.Repeat}");
        Console.WriteLine(Coverage(summary));
        Console.WriteLine(summary.Figures());
        return summary.ExitStatus();
    }

    private static string Coverage(CampaignSummary summary)
    {
        var pairs = summary.Workloads.Count * summary.Nemeses.Count;
        var missing = summary.MissingPairs();
        var done = $"seed {summary.Seed}: {pairs - missing.Count} of {pairs} pairs of workload and nemesis were run";
        return !summary.MustRunAllPairs || missing.Count == 0 ? done
            : $"{done}; never run: {string.Join(", ", missing.Select(pair => $"{pair.Workload} × {pair.Nemesis}"))}";
    }

    private static Option<string> Text(string name, string value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<int> Number(string name, string description, int value, int least, int most) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = result => Read<int>(
            result, number => number >= least && number <= most, $"from {least} to {most}"),
    };

    private static T Read<T>(ArgumentResult result, Predicate<T> isRight, string range)
        where T : struct, INumber<T>
    {
        if (T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && isRight(number))
            return number;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be {range}.");
        return default;
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
