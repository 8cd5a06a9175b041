namespace Coord.Raft;


/// <summary>
/// One entry of the log. A value, never boxed: it lives in arrays that belong to a batch, and its payload is a slice
/// of
/// the array that the proposal or the frame came in (raft-design K1, K5). Nobody changes a payload once proposed.
/// </summary>
/// <param name="Term">Term of the leader that made it.</param>
/// <param name="Index">Its place in the log.</param>
/// <param name="Kind">What it is to the engine.</param>
/// <param name="Payload">What the state machine gets.</param>
public readonly record struct Entry(Term Term, LogIndex Index, EntryKind Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>
    /// What limits count for an entry besides its payload: its value in memory, its header on wire and disk.
    /// </summary>
    public const int OverheadBytes = 64;

    /// <summary>What this entry counts in every byte limit.</summary>
    public long CountedBytes => Payload.Length + OverheadBytes;

    /// <summary>Raft-design I7: what cannot be read is not guessed at, wherever it comes from.</summary>
    internal void RequireKnownKind() =>
        Invariant.Require(Kind <= EntryKind.FeatureLevel, "A kind of entry that this version does not know (I7).");
}
