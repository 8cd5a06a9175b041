namespace Coord.Node.Admin;

/// <summary>How far the background reader of sealed segments and snapshots is (raft-design P23).</summary>
/// <param name="Rounds">Times that everything was read since the start.</param>
/// <param name="BytesRead">Bytes read since the start.</param>
/// <param name="LastRoundMs">When the last round ended, in Unix milliseconds; 0 for none yet.</param>
internal sealed record ScrubStatus(long Rounds, long BytesRead, long LastRoundMs);
