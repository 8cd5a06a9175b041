namespace Coord.Node.Storage;

/// <summary>What is wrong with a log, and where: entries behind it may be lost (raft-design P21).</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="What">What was found there.</param>
internal sealed record LogDamage(string Path, long Offset, string What)
{
    public override string ToString() => $"{Path}, offset {Offset}: {What}";
}
