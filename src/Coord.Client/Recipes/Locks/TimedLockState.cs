namespace Coord.Client.Recipes;

/// <summary>Who has a timed lock: a picture for people, which may be old when it arrives.</summary>
/// <param name="IsTaken">Whether its znode names a holder. One whose time has ended stays there until it releases the
/// lock or somebody takes it: only who watches the znode knows that it stands still.</param>
/// <param name="Client">Name of the holder's client; null when nobody has it.</param>
/// <param name="Note">The note of the holder's options; null when there is none.</param>
/// <param name="Duration">How long the hold lasts from each renewal on; zero when nobody has it.</param>
/// <param name="Renewals">How often it was renewed.</param>
public sealed record TimedLockState(bool IsTaken, string? Client, string? Note, TimeSpan Duration, long Renewals);
