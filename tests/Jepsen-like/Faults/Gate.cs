namespace Coord.JepsenLike.Faults;

/// <summary>Lets bytes pass, or makes them wait until it opens again.</summary>
internal sealed class Gate
{
    private readonly Lock change = new();
    private TaskCompletionSource? opening;

    /// <summary>Completes at once while the gate is open.</summary>
    public Task PassAsync()
    {
        lock (change)
            return opening?.Task ?? Task.CompletedTask;
    }

    public void Shut()
    {
        lock (change)
            opening ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open()
    {
        lock (change)
        {
            opening?.SetResult();
            opening = null;
        }
    }
}
