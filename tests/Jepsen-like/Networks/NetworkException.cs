namespace Coord.JepsenLike.Networks;

/// <summary>A namespace, a link or a rule could not be made.</summary>
internal sealed class NetworkException(string message) : Exception(message);
