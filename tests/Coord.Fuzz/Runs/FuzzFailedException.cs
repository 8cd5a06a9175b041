namespace Coord.Fuzz.Runs;

/// <summary>A decoder did what it never may.</summary>
internal sealed class FuzzFailedException(string message) : Exception(message);
