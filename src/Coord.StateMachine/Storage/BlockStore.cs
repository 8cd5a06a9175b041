using System.Buffers.Binary;
using System.Numerics;

namespace Coord.StateMachine;

/// <summary>
/// Byte strings (of znodes, and watched paths) in blocks cut from large pages, so that a million znodes are a few
/// hundred objects to the garbage collector. Block sizes come in classes at most an eighth apart; a freed block is used
/// again by its class. Strings over <see cref="BlockBytesMax"/> have arrays of their own.
/// </summary>
internal sealed class BlockStore
{
    private const int UnitBytes = 16;
    private const int PageUnitBits = 16;
    private const int PageBytes = UnitBytes << PageUnitBits;
    private const int BlockBytesMax = 32 * 1024;
    private const uint LargeFlag = 0x8000_0000;
    private const uint NoBlock = uint.MaxValue;

    private readonly uint[] _free = new uint[ClassOf(BlockBytesMax) + 1];
    private readonly List<byte[]?> _large = [];
    private readonly Stack<int> _freeLarge = [];
    private byte[][] _pages = [];
    private int _pageCount;
    private int _bumpUnit = 1 << PageUnitBits;

    public BlockStore() => Array.Fill(_free, NoBlock);

    /// <summary>Bytes of all pages and large arrays, used or free.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Room for <paramref name="length"/> bytes, not cleared. A length of 0 takes none.</summary>
    public uint Allocate(int length)
    {
        if (length == 0)
            return 0;
        if (length > BlockBytesMax)
            return AllocateLarge(length);

        int sizeClass = ClassOf(length);
        uint block = _free[sizeClass];
        if (block == NoBlock)
            return Cut(SizeOf(sizeClass) / UnitBytes);

        _free[sizeClass] = BinaryPrimitives.ReadUInt32LittleEndian(At(block, sizeof(uint)));
        return block;
    }

    /// <summary>Gives the block of a string of <paramref name="length"/> bytes back.</summary>
    public void Free(uint block, int length)
    {
        if (length == 0)
            return;
        if ((block & LargeFlag) != 0)
        {
            FreeLarge((int)(block & ~LargeFlag));
            return;
        }

        int sizeClass = ClassOf(length);
        BinaryPrimitives.WriteUInt32LittleEndian(At(block, sizeof(uint)), _free[sizeClass]);
        _free[sizeClass] = block;
    }

    /// <summary>The bytes of a block; valid until it is freed.</summary>
    public Span<byte> At(uint block, int length)
    {
        if (length == 0)
            return default;
        if ((block & LargeFlag) != 0)
            return _large[(int)(block & ~LargeFlag)].AsSpan(0, length);

        return _pages[(int)(block >> PageUnitBits)]
            .AsSpan((int)(block & ((1 << PageUnitBits) - 1)) * UnitBytes, length);
    }

    /// <summary>Whether strings of both lengths fit the same block, which then can be overwritten.</summary>
    public static bool FitSameBlock(int length, int other) =>
        length == other || (IsBlock(length) && IsBlock(other) && ClassOf(length) == ClassOf(other));

    private static bool IsBlock(int length) => length is > 0 and <= BlockBytesMax;

    private uint Cut(int units)
    {
        if (_bumpUnit + units > 1 << PageUnitBits)
            AddPage();
        uint block = ((uint)(_pageCount - 1) << PageUnitBits) | (uint)_bumpUnit;
        _bumpUnit += units;
        return block;
    }

    private void AddPage()
    {
        if (_pageCount == _pages.Length)
            Array.Resize(ref _pages, Math.Max(16, _pageCount * 2));

        // Not cleared: pages become resident as they are filled. Pinned as those of a SlotTable are.
        _pages[_pageCount++] = GC.AllocateUninitializedArray<byte>(PageBytes, pinned: true);
        ReservedBytes += PageBytes;
        _bumpUnit = 0;
        Invariant.Require(_pageCount <= (int)(LargeFlag >> PageUnitBits), "Blocks fit their 32-bit addresses.");
    }

    private uint AllocateLarge(int length)
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(length);
        ReservedBytes += length;
        if (_freeLarge.TryPop(out int number))
        {
            _large[number] = array;
        }
        else
        {
            number = _large.Count;
            _large.Add(array);
        }

        return LargeFlag | (uint)number;
    }

    private void FreeLarge(int number)
    {
        ReservedBytes -= _large[number]!.Length;
        _large[number] = null;
        _freeLarge.Push(number);
    }

    // Classes: multiples of 16 up to 128, then eight steps to each doubling.
    private static int ClassOf(int length)
    {
        int units = (length + UnitBytes - 1) / UnitBytes;
        if (units <= 8)
            return units - 1;
        int doubling = BitOperations.Log2((uint)(units - 1)) - 3;
        return (doubling * 8) + ((units - 1) >> doubling);
    }

    private static int SizeOf(int sizeClass)
    {
        if (sizeClass < 8)
            return (sizeClass + 1) * UnitBytes;
        int doubling = (sizeClass / 8) - 1;
        return (((sizeClass % 8) + 8 + 1) << doubling) * UnitBytes;
    }
}
