namespace Coord.Client;

/// <summary>
/// An attempt to connect came to nothing for a reason of our own side or of TLS. Users see its text in
/// <see cref="ConnectionFailedException.Attempts"/>.
/// </summary>
internal sealed class AttemptFailedException(string what, Exception? inner = null) : Exception(what, inner);
