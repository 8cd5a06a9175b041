using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Coord.Client.Recipes;

/// <summary>
/// Several handles as one. <see cref="State"/> looks at the parts, so it knows of a loss before the callbacks of
/// <see cref="LostToken"/> have run.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "The tokens must stay readable for good, also after disposal.")]
internal sealed class CombinedHandle : IMultiLockHandle
{
    private readonly IReadOnlyList<ILockHandle> parts;
    private readonly CancellationTokenSource lost;
    private readonly Lazy<CancellationTokenSource> revoked;
    private readonly Lock gate = new();
    private Task<ReleaseResult>? release;

    /// <param name="parts">The parts, at least one, in the order they were taken.</param>
    /// <param name="tokens">Their tokens by the paths of their locks; null: none are named.</param>
    internal CombinedHandle(
        IReadOnlyList<ILockHandle> parts, IReadOnlyDictionary<string, FencingToken>? tokens = null)
    {
        this.parts = parts;
        Tokens = tokens ?? FrozenDictionary<string, FencingToken>.Empty;
        lost = CancellationTokenSource.CreateLinkedTokenSource([.. parts.Select(static part => part.LostToken)]);
        revoked = new Lazy<CancellationTokenSource>(
            () => CancellationTokenSource.CreateLinkedTokenSource([.. parts.Select(static part => part.RevokedToken)]));
    }

    public string Path => parts[0].Path;

    public FencingToken Token => parts[0].Token;

    public IReadOnlyDictionary<string, FencingToken> Tokens { get; }

    public CancellationToken LostToken => lost.Token;

    public CancellationToken RevokedToken => revoked.Value.Token;

    public HandleState State
    {
        get
        {
            if (Volatile.Read(ref release) is not null)
                return HandleState.Released;
            var worst = HandleState.Held;
            foreach (var part in parts)
            {
                // A part cannot be released but through us.
                var state = part.State;
                worst = state > worst ? state : worst;
            }

            return worst;
        }
    }

    public TimeSpan Remaining => State is HandleState.Lost or HandleState.Released
        ? TimeSpan.Zero
        : parts.Min(static part => part.Remaining);

    public async ValueTask<bool> VerifyAsync(CancellationToken ct = default)
    {
        if (State is HandleState.Lost or HandleState.Released)
            return false;
        var answers = await Task.WhenAll(parts.Select(part => part.VerifyAsync(ct).AsTask())).ConfigureAwait(false);
        return Array.TrueForAll(answers, static isHeld => isHeld);
    }

    public ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default)
    {
        Task<ReleaseResult> running;
        lock (gate)
            running = release ??= ReleaseAllAsync(parts);
        return new ValueTask<ReleaseResult>(running.WaitAsync(ct));
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync().ConfigureAwait(false);

    public Multi CreateMulti()
    {
        var clients = parts.OfType<LockHandle>().Select(static part => part.Client).Distinct();
        if (clients.Count() != 1 || parts.Any(static part => part is not LockHandle))
            throw new InvalidOperationException("The parts belong to different clients: no multi can check them all.");
        var multi = clients.First().CreateMulti()
            .GuardedBy(parts[0].Path, () => State is HandleState.Lost or HandleState.Released);
        foreach (var part in parts.Skip(1))
            multi.Check(part.Path);
        return multi;
    }

    public ILockHandle Share()
    {
        ThrowIfLost();
        return new CombinedHandle([.. parts.Select(static part => part.Share())], Tokens);
    }

    public void ThrowIfLost()
    {
        if (State is HandleState.Lost or HandleState.Released)
            throw new LockLostException(Path);
    }

    internal static async Task<ReleaseResult> ReleaseAllAsync(IReadOnlyList<ILockHandle> handles)
    {
        var result = ReleaseResult.Released;
        foreach (var handle in handles.Reverse())
        {
            var one = await handle.ReleaseAsync().ConfigureAwait(false);
            result = result == ReleaseResult.AlreadyLost || one == ReleaseResult.Released ? result : one;
        }

        return result;
    }
}
