using System.Buffers.Text;

namespace Coord.StateMachine;

/// <summary>
/// The ids of scheme <c>ip</c>: <c>address</c> or <c>address/bits</c>, IPv4 or IPv6, of which the first bits count
/// (zookeeper-protocol 8.2).
/// </summary>
internal static class IpPattern
{
    private const int V4Bytes = 4;
    private const int V6Bytes = 16;

    public static bool IsValid(ReadOnlySpan<byte> pattern)
    {
        Span<byte> address = stackalloc byte[V6Bytes];
        return TryRead(pattern, address, out _, out _);
    }

    /// <summary>Whether an address, written out, has the bits that the pattern asks for.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> address)
    {
        Span<byte> wanted = stackalloc byte[V6Bytes];
        Span<byte> actual = stackalloc byte[V6Bytes];
        return TryRead(pattern, wanted, out int length, out int bits)
            && TryReadAddress(address, actual, out int actualLength)
            && length == actualLength
            && HaveSameBits(wanted, actual, bits);
    }

    private static bool HaveSameBits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int bits)
    {
        int whole = bits / 8;
        int mask = (0xFF00 >> (bits % 8)) & 0xFF;
        return left[..whole].SequenceEqual(right[..whole])
            && (mask == 0 || ((left[whole] ^ right[whole]) & mask) == 0);
    }

    private static bool TryRead(ReadOnlySpan<byte> pattern, Span<byte> address, out int length, out int bits)
    {
        int slash = pattern.IndexOf((byte)'/');
        bits = 0;
        if (!TryReadAddress(slash < 0 ? pattern : pattern[..slash], address, out length))
            return false;
        bits = length * 8;
        return slash < 0 || TryReadNumber(pattern[(slash + 1)..], bits, out bits);
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, Span<byte> address, out int length)
    {
        bool isV6 = text.Contains((byte)':');
        length = isV6 ? V6Bytes : V4Bytes;
        return isV6 ? TryReadV6(text, address) : TryReadV4(text, address);
    }

    // Exactly four decimal parts.
    private static bool TryReadV4(ReadOnlySpan<byte> text, Span<byte> address)
    {
        for (int part = 0; part < V4Bytes; part++)
        {
            int dot = text.IndexOf((byte)'.');
            if (dot < 0 != (part == V4Bytes - 1) || !TryReadNumber(dot < 0 ? text : text[..dot], 255, out int value))
                return false;
            address[part] = (byte)value;
            text = text[(dot + 1)..];
        }

        return true;
    }

    // Groups of 16 bits, of which a double colon stands for as many zero ones as are missing; the last two may be
    // dotted. No zone: its meaning is each machine's own.
    private static bool TryReadV6(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address[..V6Bytes].Clear();
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
            return TryReadGroups(text, address, out int all) && all == V6Bytes;

        Span<byte> tail = stackalloc byte[V6Bytes];
        if (!TryReadGroups(text[..gap], address, out int before)
            || !TryReadGroups(text[(gap + 2)..], tail, out int after)
            || before + after > V6Bytes - 2)
            return false;
        tail[..after].CopyTo(address[(V6Bytes - after)..]);
        return true;
    }

    private static bool TryReadGroups(ReadOnlySpan<byte> text, Span<byte> address, out int written)
    {
        written = 0;
        while (!text.IsEmpty)
        {
            int colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                if (written > V6Bytes - V4Bytes || !TryReadV4(group, address[written..]))
                    return false;
                written += V4Bytes;
                return true;
            }

            if (written == V6Bytes || group.Length > 4 || !Utf8Parser.TryParse(group, out int value, out int used, 'x')
                || used != group.Length || value < 0 || colon == text.Length - 1)
                return false;
            address[written++] = (byte)(value >> 8);
            address[written++] = (byte)value;
            text = colon < 0 ? default : text[(colon + 1)..];
        }

        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int most, out int value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && value >= 0 && value <= most;
}
