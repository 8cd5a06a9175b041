using System.Diagnostics;

namespace Coord.JepsenLike.Tests;

/// <summary>Programs of the system that some tests need; where one is missing, the test is skipped by name.</summary>
internal static class NativeProgram
{
    public static bool IsInstalled(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, name)));

    public static void Require(string name, string package) => Assert.SkipUnless(IsInstalled(name),
        $"{name} is not installed; on Debian: apt-get install {package}");

    /// <summary>Compiles one C file into a folder and returns the program.</summary>
    public static async Task<string> CompileAsync(string source, string folder)
    {
        var program = Path.Combine(folder, Path.GetFileNameWithoutExtension(source));
        var (status, output) = await RunAsync("cc", ["-O2", "-o", program, source], TimeSpan.FromMinutes(1));
        Assert.True(status == 0, output);
        return program;
    }

    /// <summary>Runs to the end, or kills at the deadline; returns exit status and everything printed.</summary>
    public static async Task<(int Status, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan deadline)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timer = new CancellationTokenSource(deadline);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} did not end within {deadline}");
        }

        return (process.ExitCode, await output + await errors);
    }
}
