using Coord.JepsenLike.Runs;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Coord.JepsenLike;

/// <summary>"run" and "check" are the program; any other arguments come from a test runner.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["run", .. var options] => await RunCommand.ExecuteAsync(options),
        ["check", .. var options] => CheckCommand.Execute(options),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
