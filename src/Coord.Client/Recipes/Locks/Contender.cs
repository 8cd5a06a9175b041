namespace Coord.Client.Recipes;

/// <summary>Who stands in a line.</summary>
/// <param name="Path">The contender znode, without chroot.</param>
/// <param name="Sequence">Its sequence number; 0 in recipes without a line.</param>
/// <param name="Record">What it says about itself, or null when it says nothing readable.</param>
public sealed record Contender(string Path, int Sequence, ContenderRecord? Record);
