namespace Coord.Client.Recipes;

/// <summary>What recipes with a line have in common: who asks, for how long, and what is granted.</summary>
/// <param name="client">The client.</param>
/// <param name="root">The recipe's root.</param>
/// <param name="line">Who waits for whom.</param>
/// <param name="options">Of the recipe.</param>
/// <param name="afterCrashDelay">How long a holder waits after one that crashed; zero: not at all.</param>
/// <param name="mark">What holders write into their znodes; null: nothing.</param>
internal sealed class LineRecipe(
    ICoordClient client, LockRoot root, ContenderLine line, LockOptions options, TimeSpan afterCrashDelay = default,
    HoldMark? mark = null)
{
    private readonly Dictionary<string, LockTelemetry> telemetry = line.Marks.ToDictionary(
        static mark => mark,
        mark => new LockTelemetry(client, KindOf(mark), root.Path, options.Name, options.TraceHold));

    internal LineView View { get; } = new(client, root.Path, line, mark is null ? null : HoldMark.IsWritten);

    /// <summary>To be called by a method that is not async (<see cref="LockFlow.Ask"/>).</summary>
    internal FlowHold Ask(AcquireOptions how, bool mayWait) => LockFlow.Ask(
        client, root.Path, mayWait && options.DetectRecursion && !how.HasFlag(AcquireOptions.Independent));

    internal async ValueTask<LockGrant> AcquireAsync(FlowHold flow, string name, TimeSpan limit, CancellationToken ct)
    {
        var grant = await flow.RunAsync(
            () => ObserveAsync(name, () => RunAsync(name, limit, mayWait: true, ct))).ConfigureAwait(false);
        return grant ?? throw new TimeoutException($"The lock {root.Path} was not to be had within {limit}.");
    }

    /// <param name="flow">Who asks.</param>
    /// <param name="name">What the name of the contender begins with.</param>
    /// <param name="limit">Zero: not to wait, and to write nothing if somebody is in the way.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The grant, or null when it was not to be had in time.</returns>
    internal ValueTask<LockGrant?> TryAcquireAsync(FlowHold flow, string name, TimeSpan limit, CancellationToken ct) =>
        flow.RunAsync(() => ObserveAsync(name, async () =>
        {
            if (limit != TimeSpan.Zero)
                return await RunAsync(name, limit, mayWait: true, ct).ConfigureAwait(false);
            return await View.WouldWaitAsync(name, ct).ConfigureAwait(false)
                ? null
                : await RunAsync(name, Timeout.InfiniteTimeSpan, mayWait: false, ct).ConfigureAwait(false);
        }));

    /// <summary>Measures an acquisition for what the name stands for.</summary>
    internal async ValueTask<LockGrant?> ObserveAsync(string name, Func<ValueTask<LockGrant?>> acquire)
    {
        var grant = await telemetry[name].AcquireAsync(acquire).ConfigureAwait(false);
        grant?.Observe(telemetry[name].BeginHold());
        return grant;
    }

    private static string KindOf(string mark) => mark switch
    {
        ContenderLine.ReadName => "read",
        ContenderLine.WriteName => "write",
        ContenderLine.PlainReadName => "read",
        ContenderLine.PlainWriteName => "write",
        ContenderLine.UpgradeableName => "upgradeable",
        ContenderLine.UpgradeName => "upgrade",
        _ => "mutex",
    };

    private async ValueTask<LockGrant?> RunAsync(string name, TimeSpan limit, bool mayWait, CancellationToken ct)
    {
        var note = afterCrashDelay > TimeSpan.Zero ? new CrashNote(client, root, afterCrashDelay) : null;
        var turn = await TimeLimit.RunAsync(
            client, limit,
            both => new LineAcquisition(client, root, line, name, options, note, mark, telemetry[name], both)
                .RunAsync(mayWait),
            ct).ConfigureAwait(false);
        if (turn is null)
            return null;
        // The note goes with the znode; a multi that finds the znode gone leaves the note to the next holder.
        Func<ZnodeGuard, Task<bool>>? withdraw =
            note is null ? null : guard => Withdrawal.RunAsync(client, guard.Path, guard.Session, note);
        return new LockGrant(client, turn.Guard, turn.Token, withdraw);
    }
}
