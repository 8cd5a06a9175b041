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

    private readonly List<T[]> _pages = [];
    private readonly List<int> _free = [];

    /// <summary>Slots in use.</summary>
    public int Count => End - _free.Count;

    /// <summary>All numbers ever given are below this.</summary>
    public int End { get; private set; }

    public ref T this[int slot] => ref _pages[slot >> PageBits][slot & (PageLength - 1)];

    /// <summary>A slot with all its fields at their defaults.</summary>
    public int Allocate()
    {
        if (_free.Count > 0)
        {
            int reused = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return reused;
        }

        if (End == _pages.Count * PageLength)
            _pages.Add(new T[PageLength]);
        return End++;
    }

    public void Free(int slot)
    {
        this[slot] = default;
        _free.Add(slot);
    }
}
