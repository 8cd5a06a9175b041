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
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private int downs;
    private int pauses;
    private int endsAllowed;

    private string PidFile { get; } =
        Path.Combine(directory, number.ToString(CultureInfo.InvariantCulture), "pid");

    public int Pid => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    /// <summary>Whether the process is there; it may stand still.</summary>
    public bool IsRunning => File.Exists(PidFile) && SystemProcess.IsRunning(Pid, directory);

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

        await StartAsync();
    });

    /// <summary>
    /// Ends the node, if it runs, and starts it again, as an operator does; false while a fault keeps it down.
    /// </summary>
    public async Task<bool> StartAnewAsync()
    {
        var isForUs = false;
        await InTurnAsync(async () =>
        {
            isForUs = downs == 0;
            if (!isForUs)
                return;

            await SystemProcess.KillAsync([Pid], directory);
            await StartAsync();
        });
        return isForUs;
    }

    /// <summary>SIGKILL of several nodes at one moment; returns when their last threads have ended.</summary>
    /// <param name="nodes">In one order for all who ask, so that nobody waits for each other.</param>
    /// <param name="cluster">Their directory.</param>
    public static async Task KillAtOnceAsync(IReadOnlyList<NodeProcess> nodes, string cluster)
    {
        var held = new List<NodeProcess>();
        try
        {
            foreach (var node in nodes)
            {
                await node.turn.WaitAsync();
                held.Add(node);
            }

            var up = nodes.Where(node => node.downs++ == 0 && node.IsThere()).ToArray();
            await SystemProcess.KillAsync([.. up.Select(node => node.Pid)], cluster);
        }
        finally
        {
            held.ForEach(node => node.turn.Release());
        }
    }

    /// <summary>From now on the node may end by itself, and nobody takes offence.</summary>
    public Task LetEndAsync() => InTurnAsync(() =>
    {
        endsAllowed++;
        return Task.CompletedTask;
    });

    /// <summary>Takes back <see cref="LetEndAsync"/>, and starts the node again if it has ended.</summary>
    public Task StartIfEndedAsync() => InTurnAsync(async () =>
    {
        endsAllowed = Math.Max(0, endsAllowed - 1);

        // Refused something at the last moment, it may be about to end.
        if (downs == 0 && await SystemProcess.HasEndedAsync(Pid, directory, EndingTime))
            await StartAsync();
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

    private async Task StartAsync()
    {
        await launcher.RunAsync(settings(), "restart", directory, Number);
        if (pauses > 0)
            await SignalAsync("pause");
    }

    private async Task TakeDownAsync(string verb, bool mayBeGone)
    {
        if (downs++ > 0 || !IsThere(mayBeGone))
            return;

        try
        {
            await launcher.RunAsync(verb, directory, Number);
        }
        catch (LauncherException) when (endsAllowed > 0 && !IsRunning)
        {
            // It was about to end by itself, as it may.
        }
    }

    /// <summary>
    /// Nothing took it down: a node that is gone all the same ended by itself, and that must not pass unseen.
    /// </summary>
    private bool IsThere(bool mayBeGone = false) =>
        IsRunning || (mayBeGone || endsAllowed > 0
            ? false
            : throw new LauncherException($"node {number} ended by itself"));

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
