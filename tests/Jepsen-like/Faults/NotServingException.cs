namespace Coord.JepsenLike.Faults;

/// <summary>All faults are healed, and the cluster still does not serve.</summary>
internal sealed class NotServingException(string message) : Exception(message);
