namespace Coord.Interop.Moving;

/// <summary>One move at a time, each between servers of its own, beside what happens on the shared cluster.</summary>
[CollectionDefinition(Name)]
public sealed class MovingCollection
{
    public const string Name = "moving";
}
