using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coord.Node.Clients;

/// <summary>
/// A certificate's subject as ACLs of scheme <c>x509</c> name it: RFC 2253, the way Java's
/// <c>X500Principal.getName()</c> writes it, last part first and without spaces.
/// </summary>
internal static class SubjectName
{
    private const string Escaped = ",=+<>#;\"\\";

    // What RFC 2253 has a keyword for. All else is written as its number and its encoded value.
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
    };

    /// <summary>Whether a certificate's subject is a name at all.</summary>
    public static bool IsReadable(X509Certificate certificate)
    {
        try
        {
            return Of(new X509Certificate2(certificate).SubjectName) is not null;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <exception cref="AsnContentException">The name is malformed.</exception>
    public static string Of(X500DistinguishedName name)
    {
        var parts = new List<string>();
        var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
            parts.Add(PartOf(sequence.ReadSetOf(skipSortOrderValidation: true)));
        parts.Reverse();
        return string.Join(',', parts);
    }

    private static string PartOf(AsnReader set)
    {
        var values = new List<string>();
        while (set.HasData)
        {
            var pair = set.ReadSequence();
            values.Add(ValueOf(pair.ReadObjectIdentifier(), pair.ReadEncodedValue()));
        }

        return string.Join('+', values);
    }

    private static string ValueOf(string type, ReadOnlyMemory<byte> encoded) =>
        Keywords.TryGetValue(type, out var keyword) && TextOf(encoded) is { } text
            ? $"{keyword}={Escape(text)}"
            : $"{type}=#{Convert.ToHexStringLower(encoded.Span)}";

    // Java takes the bytes of each of these kinds for UTF-8.
    private static string? TextOf(ReadOnlyMemory<byte> encoded)
    {
        var tag = AsnDecoder.ReadEncodedValue(
            encoded.Span, AsnEncodingRules.DER, out var offset, out var length, out _);
        return (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
            or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
            or UniversalTagNumber.GeneralString or UniversalTagNumber.UniversalString
            ? Encoding.UTF8.GetString(encoded.Span.Slice(offset, length))
            : null;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        var begin = text.Length - text.TrimStart(' ', '\r').Length;
        var end = text.TrimEnd(' ', '\r').Length;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                escaped.Append("\\00");
                continue;
            }

            if (i < begin || i >= end || Escaped.Contains(text[i]))
                escaped.Append('\\');
            escaped.Append(text[i]);
        }

        return escaped.ToString();
    }
}
