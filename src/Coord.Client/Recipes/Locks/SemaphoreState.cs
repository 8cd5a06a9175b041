namespace Coord.Client.Recipes;

/// <summary>Permits and who has them: a picture for people, which may be old when it arrives.</summary>
/// <param name="Limit">How many permits there are; 0 where nobody has opened the semaphore.</param>
/// <param name="Free">How many nobody holds; 0 too while more are held than a lowered limit allows.</param>
/// <param name="Holders">One entry for each permit held, in the order they were granted; behind them those that the
/// first of the waiting has laid claim to.</param>
/// <param name="Waiting">Who waits, in order.</param>
public sealed record SemaphoreState(
    int Limit, int Free, IReadOnlyList<Contender> Holders, IReadOnlyList<Contender> Waiting);
