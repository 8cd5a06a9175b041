using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>
/// The identities that a connection has shown, encoded as entries carry them, <c>vec&lt;{str scheme, str id}&gt;</c>:
/// never a password (design.md section 5). An array is made once per identity and never changed: requests under way
/// keep those that held when they came.
/// </summary>
internal static class SessionIdentities
{
    public const string Ip = "ip";
    public const string Digest = "digest";
    public const string Super = "super";
    public const string X509 = "x509";

    private const int CountBytes = 4;

    /// <summary>What every connection begins with: where it comes from (protocol 8.2).</summary>
    public static byte[] Of(IPAddress address) => With([], Ip, Spell(address));

    /// <summary>The identities and one more, if they do not have it yet.</summary>
    public static byte[] With(byte[] known, string scheme, string id)
    {
        var added = Encode(scheme, id);
        var count = Count(known);
        if (Contains(known, added))
            return known;
        var all = new byte[CountBytes + Math.Max(0, known.Length - CountBytes) + added.Length];
        BinaryPrimitives.WriteInt32BigEndian(all, count + 1);
        if (count > 0)
            known.AsSpan(CountBytes).CopyTo(all.AsSpan(CountBytes));
        added.CopyTo(all, all.Length - added.Length);
        return all;
    }

    /// <summary>Whether one of them is of this scheme.</summary>
    public static bool HasScheme(byte[] identities, string scheme)
    {
        Span<byte> wanted = stackalloc byte[Encoding.UTF8.GetMaxByteCount(scheme.Length)];
        wanted = wanted[..Encoding.UTF8.GetBytes(scheme, wanted)];
        foreach (var identity in new IdentityReader(identities))
        {
            if (identity.Scheme.SequenceEqual(wanted))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Who each of them is, without hashes: what <c>whoAmI</c> and the audit log show.
    /// </summary>
    public static IdentityReader Users(byte[] identities) => new(identities);

    /// <summary>
    /// An address as Java writes it: all eight groups of IPv6, and IPv4 also where the socket is IPv6.
    /// </summary>
    public static string Spell(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, bytes.Length / 2).Select(group =>
            BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2 * group)).ToString("x", CultureInfo.InvariantCulture)));
    }

    private static int Count(byte[] identities) =>
        identities.Length == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(identities);

    private static bool Contains(byte[] identities, ReadOnlySpan<byte> encoded)
    {
        var reader = new JuteReader(identities);
        reader.TryReadVectorCount(out var count);
        for (var i = 0; i < count; i++)
        {
            var start = reader.Position;
            reader.TryReadBuffer(out _, out _);
            reader.TryReadBuffer(out _, out _);
            if (identities.AsSpan(start..reader.Position).SequenceEqual(encoded))
                return true;
        }

        return false;
    }

    private static byte[] Encode(string scheme, string id)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(output);
        writer.WriteString(scheme);
        writer.WriteString(id);
        writer.Complete();
        return output.WrittenSpan.ToArray();
    }
}
