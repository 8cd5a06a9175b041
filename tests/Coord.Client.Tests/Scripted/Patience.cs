namespace Coord.Client.Tests;

/// <summary>Waits of tests that must end, with a limit that only a failure reaches.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Limit);

    /// <summary>Ends when the client enters the state.</summary>
    public static async Task WaitForAsync(this ICoordClient client, SessionState state)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var transition in client.SessionEvents(limit.Token))
        {
            if (transition.State == state)
                return;
        }
    }

    /// <summary>Ends when the token fires.</summary>
    public static async Task WaitAsync(this CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.Soon();
    }
}
