using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Coord.StateMachine;

/// <summary>
/// A 64-bit hash for look-ups and digests, made of 64 x 64 bit multiplications. It finds accidents, not forgeries: no
/// decision about trust rests on it. Little-endian by definition, so equal on every machine.
/// </summary>
internal static class FastHash
{
    private const ulong Stir = 0xA24B_AED4_963E_E407;
    private const ulong Finish = 0x9FB2_1C65_1E98_DF25;

    /// <summary>Folds the 128-bit product of two words into one.</summary>
    public static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    /// <summary>The hash of <paramref name="bytes"/> under <paramref name="seed"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Bytes(ReadOnlySpan<byte> bytes, ulong seed)
    {
        // The multiplier depends on the seed: whoever does not know it cannot choose bytes that make a product zero.
        ulong secret = (seed ^ Stir) * Finish;
        ulong state = seed ^ ((ulong)bytes.Length * Stir);
        ref byte place = ref MemoryMarshal.GetReference(bytes);
        int left = bytes.Length;
        while (left > 16)
        {
            state = Mix(Word(ref place) ^ secret, Word(ref Unsafe.Add(ref place, 8)) ^ state);
            place = ref Unsafe.Add(ref place, 16);
            left -= 16;
        }

        var (first, last) = Ends(ref place, left);
        return Mix(Mix(first ^ secret, last ^ state) ^ Finish, Stir);
    }

    // At most 16 bytes as two words; overlapping ones where fewer than 16 are left.
    private static (ulong First, ulong Last) Ends(ref byte place, int length)
    {
        if (length >= 8)
            return (Word(ref place), Word(ref Unsafe.Add(ref place, length - 8)));
        if (length >= 4)
            return (HalfWord(ref place), HalfWord(ref Unsafe.Add(ref place, length - 4)));
        if (length == 0)
            return (0, 0);

        byte middle = Unsafe.Add(ref place, length >> 1);
        return ((ulong)place << 16 | (ulong)middle << 8 | Unsafe.Add(ref place, length - 1), 0);
    }

    private static ulong Word(ref byte place)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref place);
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    private static uint HalfWord(ref byte place)
    {
        uint half = Unsafe.ReadUnaligned<uint>(ref place);
        return BitConverter.IsLittleEndian ? half : BinaryPrimitives.ReverseEndianness(half);
    }
}
