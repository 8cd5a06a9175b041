namespace Coord.Client;

/// <summary>One wait for one event. A watch is a hint: whoever waits reads again when it fires.</summary>
/// <param name="wantsGaps">Whether a reconnect in the same session fires it too; a new session always does.</param>
internal sealed class WatchSignal(bool wantsGaps)
{
    private readonly TaskCompletionSource<FiredBy> fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool WantsGaps { get; } = wantsGaps;

    /// <summary>Ends when something is to be read again, and with what it is known of that.</summary>
    internal Task<FiredBy> Fired => fired.Task;

    internal void Fire(FiredBy by) => fired.TrySetResult(by);
}
