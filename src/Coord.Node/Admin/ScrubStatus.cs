namespace Coord.Node.Admin;

/// <summary>
/// How far the background reader of sealed segments and snapshots is, and what was found damaged since the start, by it
/// or by others (raft-design P22, P23).
/// </summary>
/// <param name="Rounds">Times that everything was read since the start.</param>
/// <param name="BytesRead">Bytes read since the start.</param>
/// <param name="LastRoundMs">When the last round ended, in Unix milliseconds; 0 for none yet.</param>
/// <param name="Findings">Damaged segments and snapshots.</param>
/// <param name="LastFinding">The newest of them, with file and position; null for none.</param>
internal sealed record ScrubStatus(
    long Rounds, long BytesRead, long LastRoundMs, int Findings = 0, string? LastFinding = null);
