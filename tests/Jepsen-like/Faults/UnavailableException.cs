namespace Coord.JepsenLike.Faults;

/// <summary>What was asked for cannot be done on this machine.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
