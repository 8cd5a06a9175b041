namespace Coord.Client.Tests;

/// <summary>One measurement.</summary>
/// <param name="Name">Of the instrument.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Tags">Its attributes as <c>name=value</c>, in their order.</param>
internal sealed record Measured(string Name, double Value, IReadOnlyList<string> Tags);
