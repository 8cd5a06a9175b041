using System.Diagnostics;
using System.Text;

namespace Coord.Interop.Clients;

/// <summary>A foreign client in a process of its own, talked to over its standard input and output.</summary>
internal sealed class ClientProcess : IDisposable
{
    // Longer than a script waits for anything: then its own words tell what was missing.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _transcript = new();
    private readonly Task<string> _errors;

    public ClientProcess(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public string Transcript => _transcript.ToString();

    public void Say(string line)
    {
        _transcript.Append("> ").AppendLine(line);
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The next line, or null at the end of the output.</summary>
    public async Task<string?> NextLineAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        _transcript.AppendLine(line);
        return line;
    }

    /// <summary>Reads on until a line that fits; fails with everything said so far if the output ends before.</summary>
    public async Task<string> UntilAsync(Func<string, bool> fits, string what)
    {
        while (await NextLineAsync() is { } line)
        {
            if (fits(line))
                return line;
        }

        throw new InvalidOperationException($"The client ended before {what}:\n{Transcript}{await _errors}");
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async Task<string> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return $"exit code {_process.ExitCode}\n{Transcript}{await _errors}";
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
