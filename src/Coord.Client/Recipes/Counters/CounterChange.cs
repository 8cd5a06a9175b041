namespace Coord.Client.Recipes;

/// <summary>What a bounded add came to.</summary>
/// <param name="Applied">Whether the value was changed.</param>
/// <param name="Value">The value after the change, or the one that did not allow it.</param>
public readonly record struct CounterChange(bool Applied, long Value);
