namespace Coord.Client;

/// <summary>What one public call may use in total, over all its requests.</summary>
/// <param name="ExpiresAt">Monotonic ticks, <see cref="long.MaxValue"/> for no end.</param>
/// <param name="Token">The caller's.</param>
/// <param name="Observed">The call as meters and traces see it; null while nobody listens.</param>
internal readonly record struct CallBudget(long ExpiresAt, CancellationToken Token, ObservedCall? Observed = null)
{
    /// <summary>Measures what the call comes to.</summary>
    internal ValueTask<T> Run<T>(ValueTask<T> running) => Observed is null ? running : Observed.RunAsync(running);

    /// <inheritdoc cref="Run{T}"/>
    internal ValueTask Run(ValueTask running) => Observed is null ? running : Observed.RunAsync(running);
}
