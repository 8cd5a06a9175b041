namespace Coord.JepsenLike.Faults;

/// <summary>The launcher did not do what it was asked for.</summary>
internal sealed class LauncherException(string message) : Exception(message);
