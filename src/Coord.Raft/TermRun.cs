namespace Coord.Raft;


/// <summary>Entries of one term that follow each other: from here on, up to the next run (raft-design K4).</summary>
/// <param name="FirstIndex">Index of the first of them.</param>
/// <param name="Term">Their term.</param>
public readonly record struct TermRun(LogIndex FirstIndex, Term Term);
