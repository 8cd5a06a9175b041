namespace Coord.Simulation.Checks;

/// <summary>
/// An entry as the checkers know it: its term, a hash of its payload, and the term of the one before.
/// </summary>
internal readonly record struct LogRecord(long Term, ulong PayloadHash, long PreviousTerm);
