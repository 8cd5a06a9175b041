namespace Coord.StateMachine;

/// <summary>
/// Numbered slots in pages that never move: a reference to a slot stays good while others are allocated, and growing
/// copies nothing. Freed numbers are given again, the last one first.
/// </summary>
internal sealed class SlotTable<T>
    where T : struct
{
    private const int PageBits = 10;
    private const int PageLength = 1 << PageBits;

    private readonly SlotList _free = new();
    private T[][] _pages = [];
    private int _pageCount;

    /// <summary>Slots in use.</summary>
    public int Count => End - _free.Count;

    /// <summary>All numbers ever given are below this.</summary>
    public int End { get; private set; }

    public ref T this[int slot] => ref _pages[slot >> PageBits][slot & (PageLength - 1)];

    /// <summary>A slot with all its fields at their defaults.</summary>
    public int Allocate()
    {
        if (_free.Count > 0)
            return _free.RemoveLast();

        if (End == _pageCount * PageLength)
            AddPage();
        this[End] = default;
        return End++;
    }

    public void Free(int slot)
    {
        this[slot] = default;
        _free.Add(slot);
    }

    private void AddPage()
    {
        if (_pageCount == _pages.Length)
            Array.Resize(ref _pages, Math.Max(16, _pageCount * 2));

        // Pinned: a heap of their own, in which nothing that comes and goes leaves gaps between them. Not cleared:
        // pages become resident as they are filled.
        _pages[_pageCount++] = GC.AllocateUninitializedArray<T>(PageLength, pinned: true);
    }
}
