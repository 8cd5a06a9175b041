using Coord.JepsenLike.Campaigns;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Coord.JepsenLike;

/// <summary>
/// What begins with the name of a command, or with two dashes and is not meant for a test platform, is the program; any
/// other arguments come from a test runner, whose options have one dash.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        ["run" or "check" or "summary", ..] => await CampaignCommand.ExecuteAsync(args),
        [['-', '-', ..], ..] => await CampaignCommand.ExecuteAsync(args),
        _ => await ConsoleRunner.Run(args),
    };
}
