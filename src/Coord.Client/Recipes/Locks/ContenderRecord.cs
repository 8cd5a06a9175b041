namespace Coord.Client.Recipes;

/// <summary>What a contender znode says about who stands there: for people and tools, never for decisions.</summary>
/// <param name="Client">Name of the client.</param>
/// <param name="Host">Name of its machine.</param>
/// <param name="ProcessId">Its process there.</param>
/// <param name="Since">When it came, by its own clock.</param>
/// <param name="Note">The note of its options, or null.</param>
/// <param name="TraceParent">The W3C trace context it came with, or null.</param>
/// <param name="RevokedFor">Why somebody asked for the lock back, or null when nobody did.</param>
public sealed record ContenderRecord(
    string Client, string Host, int ProcessId, DateTimeOffset Since, string? Note, string? TraceParent,
    string? RevokedFor);
