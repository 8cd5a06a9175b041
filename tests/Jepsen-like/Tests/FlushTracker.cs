namespace Coord.JepsenLike.Tests;

/// <summary>
/// Follows a node's writes to its files and says whether one that was written since the reset has been flushed since.
/// </summary>
internal sealed class FlushTracker(string dataFolder)
{
    private readonly HashSet<string> written = [];
    private readonly HashSet<int> covering = [];

    /// <summary>A file was written since the reset, and a flush of it that began after that has ended well.</summary>
    public bool IsFlushed { get; private set; }

    public void Reset()
    {
        written.Clear();
        covering.Clear();
        IsFlushed = false;
    }

    public void Step(TracedCall call)
    {
        if (IsWrite(call))
        {
            if (call.Edge == TracedEdge.End && call.Result > 0)
                written.Add(call.Descriptor);
        }
        else if (IsFlush(call, dataFolder))
        {
            if (call.Edge == TracedEdge.Begin && written.Contains(call.Descriptor))
                covering.Add(call.Thread);
            else if (call.Edge == TracedEdge.End && covering.Remove(call.Thread) && call.Result == 0)
                IsFlushed = true;
        }
    }

    public static bool IsFlush(TracedCall call, string folder) =>
        call.Name is "fdatasync" or "fsync" && IsUnder(call, folder);

    private bool IsWrite(TracedCall call) =>
        call.Name is "write" or "writev" or "pwrite64" or "pwritev" or "pwritev2" && IsUnder(call, dataFolder);

    private static bool IsUnder(TracedCall call, string folder) =>
        call.Descriptor.StartsWith(folder + "/", StringComparison.Ordinal);
}
