using System.Globalization;
using System.Text;
using ProtocolViolationException = Coord.JepsenLike.Clients.ProtocolViolationException;

namespace Coord.JepsenLike.Targets;

/// <summary>The body of an answer of HTTP/1.1 (RFC 9112 6 and 7.1), from as many of its bytes as have come.</summary>
internal static class HttpBody
{
    private const string LengthHeader = "content-length:";
    private const string ChunkedHeader = "transfer-encoding: chunked";

    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    /// <summary>Null until all of it has come.</summary>
    /// <param name="head">The lines of the answer's head.</param>
    /// <param name="bytes">What has come behind the head.</param>
    public static byte[]? Take(string[] head, ReadOnlySpan<byte> bytes)
    {
        if (head.Contains(ChunkedHeader, StringComparer.OrdinalIgnoreCase))
            return TakeChunks(bytes);

        var line = head.FirstOrDefault(line => line.StartsWith(LengthHeader, StringComparison.OrdinalIgnoreCase))
            ?? throw new ProtocolViolationException("an answer without a length");
        var length = int.Parse(line.AsSpan(LengthHeader.Length), CultureInfo.InvariantCulture);
        return bytes.Length < length ? null : bytes[..length].ToArray();
    }

    /// <summary>Pieces, each behind its length in hexadecimal; the last one is empty.</summary>
    private static byte[]? TakeChunks(ReadOnlySpan<byte> bytes)
    {
        var body = new List<byte>(bytes.Length);
        for (var end = bytes.IndexOf(LineEnd); end >= 0; end = bytes.IndexOf(LineEnd))
        {
            var text = Encoding.ASCII.GetString(bytes[..end]);
            if (!int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length))
                throw new ProtocolViolationException($"a chunk of length \"{text}\"");
            bytes = bytes[(end + LineEnd.Length)..];
            if (bytes.Length < length + LineEnd.Length)
                return null;
            if (length == 0)
                return [.. body];

            body.AddRange(bytes[..length]);
            bytes = bytes[(length + LineEnd.Length)..];
        }

        return null;
    }
}
