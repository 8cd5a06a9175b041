using System.CommandLine;
using Coord.Client;

namespace Coord.Cli.Import;

/// <summary><c>coordctl import</c>: moves the tree of a ZooKeeper ensemble into an empty cluster.</summary>
internal static class ImportCommand
{
    private const string TargetVariable = "COORD_ENDPOINTS";

    public static Command Build()
    {
        var source = new Argument<string>("hosts")
        {
            Description = "The ZooKeeper ensemble: host:port,host:port,...",
        };
        var target = Text("--to", $"The empty Coord cluster; else {TargetVariable}.");
        var snapshot = Text("--snapshot", "A snapshot of the ensemble, which shows containers and times to live.");
        var sourceAuth = Text(
            "--source-auth", "File with scheme:secret, such as digest:super:password, for the source.");
        var targetAuth = Text("--target-auth", "The same for the target.");
        var resume = new Option<bool>("--resume")
        {
            Description = "Goes on with an import of the same source that ended early.",
        };
        var defaults = new ImportOptions("", "");
        var timeout = Number("--timeout", "Seconds to wait for an answer.", (int)defaults.Timeout.TotalSeconds, 3_600);
        var parallel = Number("--parallel", "Znodes under way at once.", defaults.Parallel, 10_000);
        var command = new Command("import", "Copies the tree of a ZooKeeper ensemble into an empty cluster.")
        {
            source, target, snapshot, sourceAuth, targetAuth, timeout, parallel, resume,
        };
        command.SetAction((result, ct) => RunAsync(
            new ImportOptions(
                result.GetRequiredValue(source),
                result.GetValue(target) ?? Environment.GetEnvironmentVariable(TargetVariable) ?? "")
            {
                Snapshot = result.GetValue(snapshot),
                SourceAuth = result.GetValue(sourceAuth),
                TargetAuth = result.GetValue(targetAuth),
                Resume = result.GetValue(resume),
                Timeout = TimeSpan.FromSeconds(result.GetValue(timeout)),
                Parallel = result.GetValue(parallel),
            },
            ct));
        return command;
    }

    private static async Task<int> RunAsync(ImportOptions options, CancellationToken ct)
    {
        try
        {
            return await ImportRun.StartAsync(options, new ImportReport(), ct).ConfigureAwait(false);
        }
        catch (CommandException wrong)
        {
            return End(wrong.ExitCode, wrong.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return End(ExitCodes.Cancelled, "cancelled");
        }
        catch (CoordException failed)
        {
            return End(CodeOf(failed), failed.Message);
        }
    }

    private static int CodeOf(CoordException failed) => failed switch
    {
        NoAuthException or AuthFailedException => ExitCodes.NotAllowed,
        ConnectionFailedException or ConnectionLossException or SessionLostException or OperationTimeoutException =>
            ExitCodes.Unavailable,
        _ => ExitCodes.Failed,
    };

    private static int End(int code, string message)
    {
        Console.Error.WriteLine($"coordctl import: {message}");
        return code;
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Option<int> Number(string name, string description, int value, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is < 1 || result.GetValue(option) > most)
                result.AddError($"{name} must be from 1 to {most}.");
        });
        return option;
    }
}
