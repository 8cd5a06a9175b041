namespace Coord.StateMachine;

/// <summary>Numbers in pages that never move: growing copies none of them, however many there are.</summary>
internal sealed class SlotList
{
    private const int PageBits = 10;
    private const int PageLength = 1 << PageBits;

    private readonly List<int[]> _pages = [];

    public int Count { get; private set; }

    public int this[int place]
    {
        get => _pages[place >> PageBits][place & (PageLength - 1)];
        set => _pages[place >> PageBits][place & (PageLength - 1)] = value;
    }

    public void Add(int slot)
    {
        if (Count == _pages.Count * PageLength)
            _pages.Add(new int[PageLength]);
        this[Count++] = slot;
    }

    public int RemoveLast() => this[--Count];
}
