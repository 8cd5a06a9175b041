using System.Diagnostics;

namespace Coord.Packaging;

/// <summary>Runs programs to their end, the SDK first of all.</summary>
internal static class DotnetCommand
{
    // Far more than a build takes on a slow machine; a program that hangs fails its test.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <returns>What the SDK printed.</returns>
    public static Task<string> RunAsync(string folder, params string[] arguments) =>
        RunProgramAsync("dotnet", folder, arguments);

    /// <returns>What the program printed, errors last.</returns>
    public static async Task<string> RunProgramAsync(string program, string folder, params string[] arguments)
    {
        var (code, printed) = await TryRunAsync(program, folder, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {printed}");
        return printed;
    }

    /// <returns>How the program ended and what it printed, errors last.</returns>
    public static async Task<(int ExitCode, string Printed)> TryRunAsync(
        string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A server that outlives its build would keep our pipe open, and what the test run itself was told is not for
        // the builds below it.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestRun).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsOfTheTestRun(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.Ordinal) || variable == "MSBUILD_EXE_PATH";
}
