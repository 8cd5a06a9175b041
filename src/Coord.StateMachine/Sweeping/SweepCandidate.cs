namespace Coord.StateMachine;

/// <summary>A znode that a sweep may delete; valid until the next entry.</summary>
/// <param name="path">Where it is.</param>
/// <param name="czxid">Which one it is: another may take its path before the sweep is applied.</param>
public readonly ref struct SweepCandidate(ReadOnlySpan<byte> path, long czxid)
{
    /// <summary>Where it is.</summary>
    public ReadOnlySpan<byte> Path { get; } = path;

    /// <summary>The index of the entry that created it.</summary>
    public long Czxid { get; } = czxid;
}
