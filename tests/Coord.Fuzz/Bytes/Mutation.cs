using System.Buffers.Binary;

namespace Coord.Fuzz.Bytes;

/// <summary>Changes valid bytes: flips, cuts, splices, duplicated ranges, random lengths.</summary>
internal static class Mutation
{
    private const int SectorBytes = 512;

    private static readonly int[] Lengths =
        [0, 1, -1, 2, 7, 8, 255, 256, 4096, 65_535, 1 << 20, int.MaxValue, int.MinValue, int.MaxValue - 7];

    /// <summary>A changed copy; <paramref name="other"/> is where spliced bytes come from.</summary>
    public static byte[] Of(byte[] bytes, byte[] other, CaseRandom random)
    {
        var changed = (byte[])bytes.Clone();
        for (var count = random.Chance(0.7) ? 1 : random.Between(2, 6); count > 0; count--)
            changed = Once(changed, other, random);
        return changed;
    }

    /// <summary>As <see cref="Of"/>, but the length stays.</summary>
    public static byte[] InPlace(byte[] bytes, byte[] other, CaseRandom random)
    {
        var changed = Of(bytes, other, random);
        Array.Resize(ref changed, bytes.Length);
        return changed;
    }

    private static byte[] Once(byte[] bytes, byte[] other, CaseRandom random)
    {
        if (bytes.Length == 0)
            return random.Bytes(random.Between(1, 40));

        switch (random.Below(9))
        {
            case 0:
                bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
                return bytes;
            case 1:
                bytes[random.Below(bytes.Length)] = (byte)random.Next();
                return bytes;
            case 2:
                return bytes[..random.Below(bytes.Length + 1)];
            case 3:
                return Splice(bytes, other, random);
            case 4:
                return Repeat(bytes, random);
            case 5:
                return SetLength(bytes, random);
            case 6:
                return Remove(bytes, random);
            case 7:
                return Zero(bytes, random);
            default:
                return [.. bytes, .. random.Bytes(random.Between(1, 32))];
        }
    }

    private static byte[] Splice(byte[] bytes, byte[] other, CaseRandom random)
    {
        var (from, length) = Range(other.Length, random);
        var (at, replaced) = Range(bytes.Length, random);
        if (random.Chance(0.5))
            replaced = Math.Min(length, bytes.Length - at);
        return [.. bytes[..at], .. other[from..(from + length)], .. bytes[(at + replaced)..]];
    }

    private static byte[] Repeat(byte[] bytes, CaseRandom random)
    {
        var (from, length) = Range(bytes.Length, random);
        var at = random.Below(bytes.Length + 1);
        return [.. bytes[..at], .. bytes[from..(from + length)], .. bytes[at..]];
    }

    private static byte[] Remove(byte[] bytes, CaseRandom random)
    {
        var (from, length) = Range(bytes.Length, random);
        return [.. bytes[..from], .. bytes[(from + length)..]];
    }

    private static byte[] SetLength(byte[] bytes, CaseRandom random)
    {
        if (bytes.Length < sizeof(int))
            return bytes;

        var at = random.Below(bytes.Length - sizeof(int) + 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), random.Pick(Lengths));
        return bytes;
    }

    private static byte[] Zero(byte[] bytes, CaseRandom random)
    {
        var at = random.Below(bytes.Length);
        if (random.Chance(0.5))
            at -= at % SectorBytes;
        bytes.AsSpan(at, Math.Min(SectorBytes, bytes.Length - at)).Clear();
        return bytes;
    }

    // Short ranges mostly, for a frame is short too.
    private static (int From, int Length) Range(int total, CaseRandom random)
    {
        if (total == 0)
            return (0, 0);

        var from = random.Below(total);
        var most = random.Chance(0.8) ? Math.Min(64, total - from) : total - from;
        return (from, random.Below(most + 1));
    }
}
