using System.Globalization;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// One node's process, and what faults have done to it. Faults overlap, so each verb is counted against its opposite: a
/// node that two faults took down runs again when both have let it go, and one that was killed while it stood still
/// stands still again until it is resumed. Verbs to one node run one after the other.
/// </summary>
internal sealed class NodeProcess(
    Launcher launcher, string directory, int number, Func<IReadOnlyDictionary<string, string>> settings)
    : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private int downs;
    private int pauses;

    private string Home { get; } = Path.Combine(directory, number.ToString(CultureInfo.InvariantCulture));

    public int Pid => int.Parse(File.ReadAllText(Path.Combine(Home, "pid")), CultureInfo.InvariantCulture);

    /// <summary>Whether the process is there; it may stand still.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                // A zombie has no command line; another process of this number does not name our directory.
                var command = File.ReadAllText($"/proc/{Pid}/cmdline");
                return command.Contains(directory, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => InTurnAsync(() => TakeDownAsync("kill", mayBeGone: false));

    /// <summary>SIGTERM: the node hands over what it leads and stops by itself.</summary>
    /// <param name="mayBeGone">A node that is no member any more ends by itself when it starts.</param>
    public Task EndAsync(bool mayBeGone = false) => InTurnAsync(() => TakeDownAsync("end", mayBeGone));

    /// <summary>Starts the node again, unless another fault still keeps it down.</summary>
    public Task RestartAsync() => InTurnAsync(async () =>
    {
        downs = Math.Max(0, downs - 1);
        if (downs > 0 || IsRunning)
            return;

        await launcher.RunAsync(settings(), "restart", directory, Number);
        if (pauses > 0)
            await SignalAsync("pause");
    });

    public Task PauseAsync() => InTurnAsync(() =>
        pauses++ == 0 && IsRunning ? SignalAsync("pause") : Task.CompletedTask);

    public Task ResumeAsync() => InTurnAsync(() =>
    {
        pauses = Math.Max(0, pauses - 1);
        return pauses == 0 && IsRunning ? SignalAsync("resume") : Task.CompletedTask;
    });

    /// <summary>Deletes what a node that is down has stored, as if its disk had been replaced.</summary>
    public Task WipeAsync() => InTurnAsync(() =>
    {
        if (downs == 0)
            throw new InvalidOperationException($"node {number} is to be wiped and nobody took it down");
        return launcher.RunAsync("wipe", directory, Number);
    });

    public void Dispose() => turn.Dispose();

    private string Number => number.ToString(CultureInfo.InvariantCulture);

    private async Task TakeDownAsync(string verb, bool mayBeGone)
    {
        if (downs++ > 0)
            return;

        // Nothing took it down: a node that is gone all the same ended by itself, and that must not pass unseen.
        if (IsRunning)
            await launcher.RunAsync(verb, directory, Number);
        else if (!mayBeGone)
            throw new LauncherException($"node {number} ended by itself");
    }

    private async Task SignalAsync(string verb)
    {
        try
        {
            await launcher.RunAsync(verb, directory, Number);
        }
        catch (LauncherException) when (!IsRunning)
        {
            // It ended meanwhile: it stands still now, and the next verb that takes it down or waits for it says so.
        }
    }

    private async Task InTurnAsync(Func<Task> verb)
    {
        await turn.WaitAsync();
        try
        {
            await verb();
        }
        finally
        {
            turn.Release();
        }
    }
}
