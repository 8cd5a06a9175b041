namespace Coord.Node.Tls;

/// <summary>A file of certificates cannot be used.</summary>
/// <param name="part">Which setting names it: <c>certificate</c>, <c>key</c> or <c>authority</c>.</param>
/// <param name="message">Why not.</param>
internal sealed class TlsFileException(string part, string message) : Exception(message)
{
    public string Part { get; } = part;
}
