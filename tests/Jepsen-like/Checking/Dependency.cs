namespace Coord.JepsenLike.Checking;

/// <summary>Why one transaction comes before another.</summary>
internal enum DependencyKind
{
    /// <summary>The other's element follows its own in a list.</summary>
    WriteWrite,

    /// <summary>The other read its element.</summary>
    WriteRead,

    /// <summary>It read a list to which the other's element was not yet appended.</summary>
    ReadWrite,

    /// <summary>It had ended when the other began.</summary>
    RealTime,
}

/// <summary>An edge of the graph of transactions.</summary>
/// <param name="To">Number of the transaction that comes later.</param>
/// <param name="Kind">Why.</param>
/// <param name="Text">In words.</param>
internal readonly record struct Dependency(int To, DependencyKind Kind, string Text);
