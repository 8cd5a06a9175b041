namespace Coord.Client;

/// <summary>What one public call may use in total, over all its requests.</summary>
/// <param name="ExpiresAt">Monotonic ticks, <see cref="long.MaxValue"/> for no end.</param>
/// <param name="Token">The caller's.</param>
internal readonly record struct CallBudget(long ExpiresAt, CancellationToken Token);
