using System.Diagnostics;

namespace Coord.JepsenLike.Networks;

/// <summary>Runs a program of the system to its end.</summary>
internal static class SystemCommand
{
    /// <summary>Gives what it printed; throws with its error output when it fails.</summary>
    /// <param name="program">Found on the path.</param>
    /// <param name="arguments">As they are, past no shell.</param>
    /// <param name="input">Its standard input.</param>
    public static string Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        var (status, output, errors) = Execute(program, arguments, input);
        return status == 0
            ? output
            : throw new NetworkException($"{program} {string.Join(' ', arguments)}: exit status {status}: {errors}");
    }

    /// <summary>Runs it, whether it succeeds or not.</summary>
    public static (int Status, string Output, string Errors) Execute(
        string program, IReadOnlyList<string> arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new NetworkException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
