namespace Coord.Client;

/// <summary>One wait for one event. A watch is a hint: whoever waits reads again when it fires.</summary>
/// <param name="wantsGaps">Whether a reconnect in the same session fires it too; a new session always does.</param>
internal sealed class WatchSignal(bool wantsGaps)
{
    private readonly TaskCompletionSource<bool> fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool WantsGaps { get; } = wantsGaps;

    /// <summary>Ends with true after a gap (events may be missing), with false after an event.</summary>
    internal Task<bool> Fired => fired.Task;

    internal void Fire(bool isGap) => fired.TrySetResult(isGap);
}
