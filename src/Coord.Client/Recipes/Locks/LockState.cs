namespace Coord.Client.Recipes;

/// <summary>Who holds and who waits: a picture for people, which may be old when it arrives.</summary>
/// <param name="Holders">Those whose turn it is, in order.</param>
/// <param name="Waiting">Those behind them, in order.</param>
public sealed record LockState(IReadOnlyList<Contender> Holders, IReadOnlyList<Contender> Waiting);
