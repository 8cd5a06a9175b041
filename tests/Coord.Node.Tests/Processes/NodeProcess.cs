using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>A node as a process of its own, from the program that was built with these tests.</summary>
internal sealed class NodeProcess : IDisposable
{
    /// <summary>How long anything may take here before the test fails: only a failure takes so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly StringBuilder output = new();
    private readonly Process process;

    // A node that is killed leaves behind what it has in the folder for temporary files.
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("coord-node-");

    public NodeProcess(params string[] arguments)
        : this(openFiles: null, arguments)
    {
    }

    private NodeProcess(int? openFiles, string[] arguments)
    {
        process = new Process
        {
            // A shell's background job ignores SIGINT, and so would all that it starts.
            StartInfo = new ProcessStartInfo("env")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.StartInfo.Environment["TMPDIR"] = temporary.FullName;
        process.StartInfo.ArgumentList.Add("--default-signal=INT");
        if (openFiles is not null)
        {
            process.StartInfo.ArgumentList.Add("prlimit");
            process.StartInfo.ArgumentList.Add($"--nofile={openFiles}");
        }

        foreach (var argument in Command.Concat(arguments))
            process.StartInfo.ArgumentList.Add(argument);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The node's program: the one built with these tests, or any that COORD_NODE_DLL names.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("COORD_NODE_DLL")
        ?? Path.Combine(AppContext.BaseDirectory, "Coord.Node.dll");

    /// <summary>What runs it: itself where its folder holds the runtime too, as in deploy/local-cluster.sh.</summary>
    public static string[] Command { get; } =
        File.Exists(Path.Combine(Path.GetDirectoryName(Program)!, "libcoreclr.so"))
            ? [Path.ChangeExtension(Program, null)]
            : ["dotnet", "exec", Program];

    public int Id => process.Id;

    /// <summary>Everything it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Memory in use, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Starts a single node on free ports; ready when this returns.</summary>
    public static NodeProcess Dev(out NodePair ports, params string[] settings)
    {
        ports = NodePair.Free();
        return Dev(ports, settings);
    }

    /// <summary>The same, on ports that the settings may name too.</summary>
    public static NodeProcess Dev(NodePair ports, params string[] settings) => Dev(ports, openFiles: null, settings);

    /// <summary>The same, in a process that may open so many files.</summary>
    public static NodeProcess Dev(NodePair ports, int? openFiles, params string[] settings)
    {
        var node = new NodeProcess(
            openFiles,
            ["--dev", $"--nodes:0:client={ports.Client}", $"--nodes:0:admin={ports.Admin}", .. settings]);
        node.WaitFor("Serving clients");

        // On a slow disk that may take seconds more, and then who comes is sent to another node (protocol 7.5).
        node.WaitFor("Leader in term");
        return node;
    }

    /// <summary>Waits for a line with this in it.</summary>
    public void WaitFor(string part)
    {
        var patience = Stopwatch.StartNew();
        lock (output)
        {
            while (!output.ToString().Contains(part, StringComparison.Ordinal))
            {
                if (patience.Elapsed > Patience || process.HasExited)
                    throw new TimeoutException($"'{part}' is not in: {output}");
                Monitor.Wait(output, TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Sends a signal by the system's own program.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end; gives the exit code.</summary>
    public int WaitForExit()
    {
        if (!process.WaitForExit(Patience))
            throw new TimeoutException($"Still running: {Output}");
        process.WaitForExit(); // For the last lines of its output.
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
        temporary.Delete(recursive: true);
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (output)
        {
            output.AppendLine(line);
            Monitor.PulseAll(output);
        }
    }
}

/// <summary>Where a single node serves.</summary>
internal sealed record NodePair(NodeAddress Client, NodeAddress Admin, NodeAddress Secure)
{
    public static NodePair Free()
    {
        var node = Peers.TestPeer.Cluster(1).Nodes[0];
        return new NodePair(node.Client, node.Admin, node.Peer); // A node alone has no peer port.
    }
}
