namespace Coord.Raft;

/// <summary>
/// The feature levels that the log sets, from the snapshot on: active when appended (raft-design I6, Q11), and an entry
/// that is truncated takes its level back, as with memberships (M4).
/// </summary>
internal sealed class FeatureLevelHistory
{
    private readonly int levelMax;

    // Invariant: indexes and levels strictly increase; the first level holds at the snapshot, the others behind it.
    private readonly List<(LogIndex Index, int Level)> stack = [];

    /// <summary>Starts with the level at the snapshot; <paramref name="levelMax"/> is what this build knows.</summary>
    public FeatureLevelHistory(LogIndex snapshot, int level, int levelMax)
    {
        this.levelMax = levelMax;
        ResetTo(snapshot, level);
    }

    /// <summary>The level in force. Never lowered by an entry.</summary>
    public int Current => stack[^1].Level;

    /// <summary>Index of the entry that set it; of the snapshot, if that came with it.</summary>
    public LogIndex Index => stack[^1].Index;

    /// <summary>Whoever has the log up to here knows that this level is reached; null when it is not.</summary>
    public LogIndex? ReachedAt(int level)
    {
        foreach (var step in stack)
        {
            if (step.Level >= level)
                return step.Index;
        }

        return null;
    }

    /// <summary>An entry of kind <see cref="EntryKind.FeatureLevel"/> was appended.</summary>
    public void Append(in Entry entry)
    {
        Invariant.Require(
            FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level),
            "A feature level that this version cannot read (I7).");
        RequireKnown(level);
        if (level > Current)
            stack.Add((entry.Index, level));
    }

    /// <summary>Entries above <paramref name="last"/> were removed.</summary>
    public void TruncateAfter(LogIndex last)
    {
        while (stack.Count > 1 && Index > last)
            stack.RemoveAt(stack.Count - 1);
    }

    /// <summary>A received snapshot replaced the whole log.</summary>
    public void ResetTo(LogIndex snapshot, int level)
    {
        RequireKnown(level);
        stack.Clear();
        stack.Add((snapshot, level));
    }

    /// <summary>A local snapshot at <paramref name="index"/>: only what is in force there is kept of what came
    /// before.</summary>
    public void CompactTo(LogIndex index)
    {
        while (stack.Count > 1 && stack[1].Index <= index)
            stack.RemoveAt(0);
    }

    // Raft-design I7: what members do from this level on is not guessed at.
    private void RequireKnown(int level) =>
        Invariant.Require(level >= 1 && level <= levelMax, "A feature level that this version does not know (I7).");
}
