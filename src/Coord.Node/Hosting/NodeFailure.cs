using System.Runtime.InteropServices;
using Coord.Node.Storage;

namespace Coord.Node.Hosting;

/// <summary>
/// The end of a process that must not go on: a stopped node costs availability, a diverged one costs data. One line,
/// the stack where it helps, and out: nothing that still runs can delay it.
/// </summary>
internal static partial class NodeFailure
{
    // What was logged last may say why; a log that nobody reads is not waited for.
    private static readonly TimeSpan LogPatience = TimeSpan.FromMilliseconds(500);

    // Nor is whoever reads standard error.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Ends the process: 3 when its data is unusable, 70 for a broken invariant or a failed disk.</summary>
    public static void Stop(string where, Exception failure)
    {
        var code = failure is DataUnusableException ? ExitCodes.DataUnusable : ExitCodes.BrokenInvariant;
        EndBy(Patience, code);
        try
        {
            NodeLoggers.Drain(LogPatience);
            Console.Error.WriteLine(code == ExitCodes.DataUnusable
                ? $"coord: {failure.Message}"
                : $"coord: node stopped: {where}: {failure}");
            Console.Error.Flush();
        }
        catch (Exception)
        {
            // The disk that failed may hold the log too: the exit code still says what happened.
        }

        ExitAtOnce(code);
    }

    // A thread of its own: the pool may be what hangs.
    private static void EndBy(TimeSpan patience, int code)
    {
        try
        {
            new Thread(() =>
            {
                Thread.Sleep(patience);
                ExitAtOnce(code);
            }) { IsBackground = true }.Start();
        }
        catch (Exception)
        {
            // No thread is left to be had: it ends when it has spoken.
        }
    }

    // Environment.Exit runs handlers and waits for them; one that waits for the failed thread would hang the node.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
