namespace Coord.Node.Tls;

/// <summary>Where the settings say that one side's certificates are; all of them PEM.</summary>
/// <param name="Section">The section of the settings, for messages.</param>
/// <param name="Certificate">This side's certificate, and behind it those between it and its authority.</param>
/// <param name="Key">The certificate's key, not encrypted.</param>
/// <param name="Authority">Who signs the other side's certificates; null where that side shows none.</param>
internal sealed record TlsFileNames(string Section, string Certificate, string Key, string? Authority);
