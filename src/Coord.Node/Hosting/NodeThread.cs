namespace Coord.Node.Hosting;

/// <summary>
/// The node's dedicated threads (design.md section 5): small stacks, named, never keeping the process alive.
/// </summary>
internal static class NodeThread
{
    // The deepest chain of calls on these threads is a decoder behind a loop; 256 KiB is ample.
    private const int StackBytes = 256 * 1024;

    /// <summary>
    /// Starts a thread. What escapes from it ends the process with the exit code of <see cref="NodeFailure"/>: no
    /// thread
    /// of a node dies alone.
    /// </summary>
    public static Thread Start(string name, Action run)
    {
        var thread = new Thread(() => RunGuarded(name, run), StackBytes) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void RunGuarded(string name, Action run)
    {
        try
        {
            run();
        }
        catch (Exception failure)
        {
            NodeFailure.Stop(name, failure);
        }
    }
}
